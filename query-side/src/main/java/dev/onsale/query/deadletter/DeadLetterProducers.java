package dev.onsale.query.deadletter;

import dev.onsale.platform.kafka.KafkaClients;
import java.time.Duration;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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
        producers = new KafkaClients(properties, kafka).producers(new ByteArraySerializer(), SEND_MAX);
    }

    public KafkaTemplate<String, byte[]> template() {
        return new KafkaTemplate<>(producers);
    }

    @Override
    public void close() {
        producers.destroy();
    }
}
