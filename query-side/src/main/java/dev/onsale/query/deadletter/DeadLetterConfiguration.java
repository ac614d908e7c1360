package dev.onsale.query.deadletter;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DeadLetterConfiguration {

    @Bean
    ExternalRedelivery notificationTaker(DeadLetterProducers producers) {
        return new ExternalRedelivery(ExternalConsumer.NOTIFICATIONS, producers.template());
    }

    @Bean
    ExternalRedelivery joinTaker(DeadLetterProducers producers) {
        return new ExternalRedelivery(ExternalConsumer.WAITING_ROOM, producers.template());
    }
}
