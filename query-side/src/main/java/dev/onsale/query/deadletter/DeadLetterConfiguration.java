package dev.onsale.query.deadletter;

import dev.onsale.platform.kafka.KafkaClients;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;

/** Factories are no beans on purpose: several sides may share one Spring context. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeadLetterSettings.class)
class DeadLetterConfiguration {

    @Bean
    ExternalRedelivery notificationTaker(KafkaProperties properties, KafkaConnectionDetails kafka) {
        return new ExternalRedelivery(ExternalConsumer.NOTIFICATIONS, producers(properties, kafka));
    }

    @Bean
    ExternalRedelivery joinTaker(KafkaProperties properties, KafkaConnectionDetails kafka) {
        return new ExternalRedelivery(ExternalConsumer.WAITING_ROOM, producers(properties, kafka));
    }

    /** Connects with the first letter that is given back. */
    private static DefaultKafkaProducerFactory<String, byte[]> producers(
            KafkaProperties properties, KafkaConnectionDetails kafka) {
        return new KafkaClients(properties, kafka).producers(new ByteArraySerializer(), ExternalRedelivery.SEND_MAX);
    }
}
