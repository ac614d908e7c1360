package dev.onsale.command.payment;

import dev.onsale.command.bus.AggregateCache;
import dev.onsale.command.bus.CachingRepository;
import org.axonframework.modelling.command.Repository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PaymentConfiguration {

    @Bean
    Repository<Payment> paymentRepository(AggregateCache cache, org.axonframework.config.Configuration axon) {
        return CachingRepository.of(Payment.class, cache, axon);
    }
}
