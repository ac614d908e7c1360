package dev.onsale.query.consumption;

import dev.onsale.platform.failure.Causes;
import dev.onsale.platform.kafka.DeadLetterPublisher;
import dev.onsale.platform.kafka.KafkaClients;
import dev.onsale.query.deadletter.DeadLetterProducers;
import dev.onsale.query.deadletter.RecordParking;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ConsumerAwareRecordRecoverer;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.kafka.support.TopicPartitionOffset;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.FixedBackOff;

/**
 * What happens to a record that was not consumed. A dead letter is the record as it came, with its headers, the reason and
 * where it came from; it keeps its key, so that the dead letters of one sale keep their order.
 */
final class DeadLetters {

    static final String TOPIC_SUFFIX = ".DLT";

    /** How often the record was tried in all, decimal. */
    static final String HEADER_ATTEMPTS = "onsale_dlt-attempts";

    private static final int RETRIES_MAX = 5;

    private final String group;
    private final KafkaTemplate<String, byte[]> topics;
    private final RecordParking parking;
    private final ConsumptionMetrics metrics;

    /**
     * @param group of the consumers
     */
    DeadLetters(String group, KafkaTemplate<String, byte[]> topics, RecordParking parking, ConsumptionMetrics metrics) {
        this.group = group;
        this.topics = topics;
        this.parking = parking;
        this.metrics = metrics;
    }

    DefaultErrorHandler errorHandler() {
        Recoverer recoverer = new Recoverer();
        DefaultErrorHandler handler = new DefaultErrorHandler(recoverer, KafkaClients.fewRetries(RETRIES_MAX));
        recoverer.handler = handler;
        handler.setLogLevel(KafkaException.Level.WARN);
        handler.setBackOffFunction((record, failure) -> backOff(failure));
        return handler;
    }

    /** Tells the world, then files the record: should it die in between, the record is tried and told once more. */
    private final class Recoverer implements ConsumerAwareRecordRecoverer {

        private final DeadLetterPublishingRecoverer topic = new DeadLetterPublishingRecoverer(
                topics,
                // No partition: it follows from the key, and the topics may differ in their number of partitions.
                (record, failure) -> new TopicPartition(record.topic() + TOPIC_SUFFIX, -1));

        private @Nullable DefaultErrorHandler handler;

        Recoverer() {
            topic.setFailIfSendResultIsError(true);
            topic.setWaitForSendResultTimeout(DeadLetterProducers.SEND_MAX);
            topic.addHeadersFunction((record, failure) -> new RecordHeaders()
                    .add(HEADER_ATTEMPTS, Integer.toString(attempts(record)).getBytes(StandardCharsets.US_ASCII))
                    // Left out where the failure is not the listener's own.
                    .add(KafkaHeaders.DLT_ORIGINAL_CONSUMER_GROUP, group.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        @SuppressWarnings("unchecked") // The consumers' deserializers make nothing else.
        public void accept(
                ConsumerRecord<?, ?> record, @Nullable Consumer<?, ?> consumer, @Nullable Exception failure) {
            Exception reason = reason(failure);
            new DeadLetterPublisher(topic, "it is kept in the database alone").accept(record, consumer, reason);
            parking.bury(group, (ConsumerRecord<?, byte @Nullable []>) record, attempts(record), reason);
            metrics.deadLettered(record.topic());
        }

        private int attempts(ConsumerRecord<?, ?> record) {
            // The handler answers with the number of the next attempt, which there will not be.
            return Objects.requireNonNull(handler)
                            .deliveryAttempt(
                                    new TopicPartitionOffset(record.topic(), record.partition(), record.offset()))
                    - 1;
        }
    }

    /** What went wrong with the record, without the wrapping that steered the retries. */
    private static Exception reason(@Nullable Exception failure) {
        NotConsumedException wrapping = Causes.find(failure, NotConsumedException.class);
        if (wrapping != null && wrapping.getCause() instanceof Exception cause) {
            return cause;
        }
        return failure == null ? new IllegalStateException("No reason was given") : failure;
    }

    private static BackOff backOff(Exception failure) {
        return switch (failure) {
            case NotConsumedException.Never never -> new FixedBackOff(0, 0);
            case NotConsumedException.Away away -> KafkaClients.untilAvailable();
            default -> KafkaClients.fewRetries(RETRIES_MAX);
        };
    }
}
