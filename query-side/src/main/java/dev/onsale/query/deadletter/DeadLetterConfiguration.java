package dev.onsale.query.deadletter;

import dev.onsale.api.RecordLimits;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
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
        Map<String, Object> producer = properties.buildProducerProperties();
        producer.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.getProducer().getBootstrapServers());
        producer.put(ProducerConfig.ACKS_CONFIG, "all");
        producer.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RecordLimits.DEAD_LETTER_BYTES_MAX);
        producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ExternalRedelivery.SEND_MAX.toMillis());
        producer.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int)
                ExternalRedelivery.SEND_MAX.dividedBy(2).toMillis());
        producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) ExternalRedelivery.SEND_MAX.toMillis());
        return new DefaultKafkaProducerFactory<>(producer, new StringSerializer(), new ByteArraySerializer());
    }
}
