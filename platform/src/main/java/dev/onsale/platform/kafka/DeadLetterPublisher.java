package dev.onsale.platform.kafka;

import dev.onsale.platform.failure.Causes;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.ConsumerAwareRecordRecoverer;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;

/** Publishes dead letters. A record that the topic refuses for its size must not stop the records behind it: it is logged. */
public final class DeadLetterPublisher implements ConsumerAwareRecordRecoverer {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterPublisher.class);

    private final DeadLetterPublishingRecoverer topic;
    private final String whenTooLarge;

    /**
     * @param whenTooLarge what happens to a dead letter that is too large, for the log
     */
    public DeadLetterPublisher(DeadLetterPublishingRecoverer topic, String whenTooLarge) {
        this.topic = topic;
        this.whenTooLarge = whenTooLarge;
    }

    @Override
    public void accept(ConsumerRecord<?, ?> record, @Nullable Consumer<?, ?> consumer, @Nullable Exception failure) {
        Exception reason = failure == null ? new IllegalStateException("No reason was given") : failure;
        try {
            topic.accept(record, consumer, reason);
        } catch (RuntimeException refused) {
            if (!Causes.has(refused, RecordTooLargeException.class)) {
                throw refused;
            }
            log.error(
                    "The dead letter {}-{}@{} is too large for its topic; {}: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    whenTooLarge,
                    reason.toString());
        }
    }
}
