package dev.onsale.command.personal;

import dev.onsale.command.bus.AggregateCache;
import dev.onsale.command.bus.CachingRepository;
import org.axonframework.modelling.command.Repository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PersonalKeyConfiguration {

    @Bean
    Repository<PersonalKey> personalKeyRepository(AggregateCache cache, org.axonframework.config.Configuration axon) {
        return CachingRepository.of(PersonalKey.class, cache, axon);
    }
}
