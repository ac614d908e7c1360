package dev.onsale.command.wallet;

import dev.onsale.command.bus.AggregateCache;
import dev.onsale.command.bus.CachingRepository;
import org.axonframework.modelling.command.Repository;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WalletProperties.class)
class WalletConfiguration {

    @Bean
    Repository<Wallet> walletRepository(AggregateCache cache, org.axonframework.config.Configuration axon) {
        return CachingRepository.of(Wallet.class, cache, axon);
    }
}
