package dev.onsale.query.deadletter;

import dev.onsale.api.RecordLimits;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;

/**
 * Sends dead letters, and gives them back to consumers of other sides. Connects with the first of them. The template is no
 * bean on purpose: several sides may share one Spring context.
 */
@Component
public final class DeadLetterProducers implements AutoCloseable {

    /** How long a record may take. */
    public static final Duration SEND_MAX = Duration.ofSeconds(10);

    private final DefaultKafkaProducerFactory<String, byte[]> producers;

    DeadLetterProducers(KafkaProperties properties, KafkaConnectionDetails kafka) {
        Map<String, Object> producer = properties.buildProducerProperties();
        producer.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.getProducer().getBootstrapServers());
        producer.put(ProducerConfig.ACKS_CONFIG, "all");
        producer.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RecordLimits.DEAD_LETTER_BYTES_MAX);
        producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, SEND_MAX.toMillis());
        producer.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int)
                SEND_MAX.dividedBy(2).toMillis());
        producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) SEND_MAX.toMillis());
        producers = new DefaultKafkaProducerFactory<>(producer, new StringSerializer(), new ByteArraySerializer());
    }

    public KafkaTemplate<String, byte[]> template() {
        return new KafkaTemplate<>(producers);
    }

    @Override
    public void close() {
        producers.destroy();
    }
}
