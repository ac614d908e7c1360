package dev.onsale.command.performance;

import dev.onsale.command.bus.AggregateCache;
import dev.onsale.command.bus.CachingRepository;
import org.axonframework.modelling.command.Repository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PerformanceConfiguration {

    @Bean
    Repository<Performance> performanceRepository(AggregateCache cache, org.axonframework.config.Configuration axon) {
        return CachingRepository.of(Performance.class, cache, axon);
    }
}
