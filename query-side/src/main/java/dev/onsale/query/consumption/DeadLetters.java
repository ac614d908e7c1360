package dev.onsale.query.consumption;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ConsumerAwareRecordRecoverer;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.support.TopicPartitionOffset;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;
import org.springframework.util.backoff.FixedBackOff;

/**
 * What happens to a record that was not consumed. A dead letter is the record as it came, with its headers, the reason and
 * where it came from; it keeps its key, so that the dead letters of one sale keep their order.
 */
final class DeadLetters implements AutoCloseable {

    static final String TOPIC_SUFFIX = ".DLT";

    /** How often the record was tried in all, decimal. */
    static final String HEADER_ATTEMPTS = "onsale_dlt-attempts";

    /** A performance of 100,000 seats is one record. */
    static final int RECORD_BYTES_MAX = 32 * 1024 * 1024;

    private static final int RETRIES_MAX = 5;
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(10);

    private final DefaultKafkaProducerFactory<String, byte[]> producers;
    private final ConsumptionMetrics metrics;

    /**
     * @param producerProperties where Kafka is and how to sign in; the rest is set here
     */
    DeadLetters(Map<String, Object> producerProperties, ConsumptionMetrics metrics) {
        this.producers = new DefaultKafkaProducerFactory<>(
                producerProperties, new StringSerializer(), new ByteArraySerializer());
        this.producers.updateConfigs(Map.of(
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                RECORD_BYTES_MAX,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) SEND_TIMEOUT.dividedBy(2).toMillis(),
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                (int) SEND_TIMEOUT.toMillis(),
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                SEND_TIMEOUT.toMillis()));
        this.metrics = metrics;
    }

    DefaultErrorHandler errorHandler() {
        DeadLetterPublishingRecoverer recoverer = new DeadLetterPublishingRecoverer(
                new KafkaTemplate<>(producers),
                // No partition: it follows from the key, and the topics may differ in their number of partitions.
                (record, failure) -> new TopicPartition(record.topic() + TOPIC_SUFFIX, -1));
        recoverer.setFailIfSendResultIsError(true);
        recoverer.setWaitForSendResultTimeout(SEND_TIMEOUT);
        DefaultErrorHandler handler = new DefaultErrorHandler(
                (ConsumerAwareRecordRecoverer)
                        (record, consumer, failure) -> recover(recoverer, record, consumer, failure),
                fewTries());
        recoverer.addHeadersFunction((record, failure) -> attempts(handler, record));
        handler.setLogLevel(KafkaException.Level.WARN);
        handler.setBackOffFunction((record, failure) -> backOff(failure));
        return handler;
    }

    private void recover(
            DeadLetterPublishingRecoverer recoverer,
            ConsumerRecord<?, ?> record,
            @Nullable Consumer<?, ?> consumer,
            @Nullable Exception failure) {
        recoverer.accept(record, consumer, reason(failure));
        metrics.deadLettered(record.topic());
    }

    /** What went wrong with the record, without the wrapping that steered the retries. */
    private static Exception reason(@Nullable Exception failure) {
        for (Throwable current = failure; current != null; current = current.getCause()) {
            if (current instanceof NotConsumedException && current.getCause() instanceof Exception cause) {
                return cause;
            }
        }
        return failure == null ? new IllegalStateException("No reason was given") : failure;
    }

    private static RecordHeaders attempts(DefaultErrorHandler handler, ConsumerRecord<?, ?> record) {
        // The handler answers with the number of the next attempt, which there will not be.
        int attempts =
                handler.deliveryAttempt(new TopicPartitionOffset(record.topic(), record.partition(), record.offset()))
                        - 1;
        RecordHeaders headers = new RecordHeaders();
        headers.add(HEADER_ATTEMPTS, Integer.toString(attempts).getBytes(StandardCharsets.US_ASCII));
        return headers;
    }

    private static BackOff backOff(Exception failure) {
        return switch (failure) {
            case NotConsumedException.Never never -> new FixedBackOff(0, 0);
            case NotConsumedException.Away away -> untilItIsBack();
            default -> fewTries();
        };
    }

    private static ExponentialBackOff fewTries() {
        ExponentialBackOff backOff = new ExponentialBackOff(100, 1.5);
        backOff.setMaxInterval(500);
        backOff.setMaxAttempts(RETRIES_MAX);
        return backOff;
    }

    private static ExponentialBackOff untilItIsBack() {
        ExponentialBackOff backOff = new ExponentialBackOff(100, 1.5);
        backOff.setMaxInterval(5_000);
        return backOff;
    }

    @Override
    public void close() {
        producers.destroy();
    }
}
