package dev.onsale.platform.kafka;

import dev.onsale.api.RecordLimits;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.MicrometerConsumerListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Makes consumers and producers from the settings below {@code spring.kafka}. The factories are not beans: several sides share
 * one Spring context, and each has its own demands on Kafka. Thread-safe.
 */
public final class KafkaClients {

    /** How soon a consumer finds a topic that did not exist when it started. */
    private static final Duration METADATA_AGE_MAX = Duration.ofSeconds(10);

    private static final int COLLECTED_BYTES = 128 << 10;
    private static final Duration COLLECTED_FOR = Duration.ofMillis(200);

    private static final Duration PAUSE_MIN = Duration.ofMillis(100);
    private static final double PAUSE_FACTOR = 1.5;

    private final KafkaProperties properties;
    private final KafkaConnectionDetails connection;

    public KafkaClients(KafkaProperties properties, KafkaConnectionDetails connection) {
        this.properties = properties;
        this.connection = connection;
    }

    /** Consumers that read committed records from the beginning, and commit offsets when their container says so. */
    public Map<String, Object> consumerProperties(int recordsPerPollMax) {
        Map<String, Object> consumer = properties.buildConsumerProperties();
        consumer.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getConsumer().getBootstrapServers());
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, recordsPerPollMax);
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        // A consumer that came first would create the topic with the broker's defaults instead of the publisher's.
        consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        consumer.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, (int) METADATA_AGE_MAX.toMillis());
        return consumer;
    }

    /**
     * Lets records collect at the broker before a consumer gets them, so that it works in fewer and larger batches. For groups
     * whose work nobody waits for.
     */
    public static void collect(ContainerProperties container) {
        Properties consumer = container.getKafkaConsumerProperties();
        consumer.setProperty(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, Integer.toString(COLLECTED_BYTES));
        consumer.setProperty(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, Long.toString(COLLECTED_FOR.toMillis()));
    }

    /**
     * Listeners with the consumers of {@link #consumerProperties}.
     *
     * @param container topics, group, listener and when offsets are committed
     */
    public <V extends @Nullable Object> ConcurrentMessageListenerContainer<String, V> listeners(
            Deserializer<V> values, int recordsPerPollMax, ContainerProperties container) {
        return new ConcurrentMessageListenerContainer<>(consumers(values, recordsPerPollMax), container);
    }

    /** The same with metrics of the consumers. */
    public <V extends @Nullable Object> ConcurrentMessageListenerContainer<String, V> listeners(
            Deserializer<V> values, int recordsPerPollMax, ContainerProperties container, MeterRegistry metrics) {
        DefaultKafkaConsumerFactory<String, V> consumers = consumers(values, recordsPerPollMax);
        consumers.addListener(new MicrometerConsumerListener<>(metrics));
        return new ConcurrentMessageListenerContainer<>(consumers, container);
    }

    private <V extends @Nullable Object> DefaultKafkaConsumerFactory<String, V> consumers(
            Deserializer<V> values, int recordsPerPollMax) {
        return new DefaultKafkaConsumerFactory<>(
                consumerProperties(recordsPerPollMax), new StringDeserializer(), values);
    }

    /**
     * Idempotent producers of records up to the size of a dead letter, which wait for all replicas. They connect with the first
     * record.
     *
     * @param sendMax how long sending a record may take before it fails
     */
    public <V> DefaultKafkaProducerFactory<String, V> producers(Serializer<V> values, Duration sendMax) {
        Map<String, Object> producer = properties.buildProducerProperties();
        producer.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getProducer().getBootstrapServers());
        producer.put(ProducerConfig.ACKS_CONFIG, "all");
        producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        producer.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RecordLimits.DEAD_LETTER_BYTES_MAX);
        producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, sendMax.toMillis());
        producer.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int)
                sendMax.dividedBy(2).toMillis());
        producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) sendMax.toMillis());
        return new DefaultKafkaProducerFactory<>(producer, new StringSerializer(), values);
    }

    /** Pauses between retries of a record that waits for the database or Redis, however long that takes. */
    public static ExponentialBackOff untilAvailable() {
        return pauses(Duration.ofSeconds(5));
    }

    /** Pauses between a few retries of a record that fails for an unknown reason. */
    public static ExponentialBackOff fewRetries(int retriesMax) {
        ExponentialBackOff pauses = pauses(Duration.ofMillis(500));
        pauses.setMaxAttempts(retriesMax);
        return pauses;
    }

    private static ExponentialBackOff pauses(Duration pauseMax) {
        ExponentialBackOff pauses = new ExponentialBackOff(PAUSE_MIN.toMillis(), PAUSE_FACTOR);
        pauses.setMaxInterval(pauseMax.toMillis());
        return pauses;
    }
}
