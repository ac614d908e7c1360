package dev.onsale.command.coupon;

import dev.onsale.command.bus.AggregateCache;
import dev.onsale.command.bus.CachingRepository;
import org.axonframework.modelling.command.Repository;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SnapshotProperties.class)
class CouponConfiguration {

    @Bean
    Repository<Campaign> campaignRepository(
            AggregateCache cache, org.axonframework.config.Configuration axon, CampaignSnapshots snapshots) {
        return CachingRepository.of(Campaign.class, cache, axon, snapshots);
    }
}
