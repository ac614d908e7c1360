package dev.onsale.waitingroom.intake;

import dev.onsale.api.InvalidValueException;
import dev.onsale.waitingroom.task.ServiceAway;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.ConsumerRecordRecoverer;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;
import org.springframework.util.backoff.FixedBackOff;

/** Error handling of consumers. An outage is retried until it ends, other failures a few times. */
final class RecordErrors {

    private static final Logger log = LoggerFactory.getLogger(RecordErrors.class);

    /** An unexpected failure may be temporary, but one record must not block all sales. */
    private static final int UNEXPECTED_RETRIES_MAX = 4;

    private static final int UNEXPECTED_PAUSE_MILLIS = 500;

    private RecordErrors() {}

    static DefaultErrorHandler handler(ConsumerRecordRecoverer putAside) {
        DefaultErrorHandler errors = new DefaultErrorHandler(putAside, patient());
        // Without a limit: an outage is not caused by the record.
        errors.setBackOffFunction((record, failure) -> ServiceAway.isCauseOf(failure)
                ? patient()
                : isUnreadable(failure)
                        ? new FixedBackOff(0, 0)
                        : new FixedBackOff(UNEXPECTED_PAUSE_MILLIS, UNEXPECTED_RETRIES_MAX));
        return errors;
    }

    /** A retry does not help. */
    private static boolean isUnreadable(Throwable failure) {
        return cause(failure, InvalidValueException.class) != null;
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
        for (Throwable current = failure; current != null; current = current.getCause()) {
            if (type.isInstance(current)) {
                return type.cast(current);
            }
        }
        return null;
    }

    private static BackOff patient() {
        ExponentialBackOff backOff = new ExponentialBackOff(100, 1.5);
        backOff.setMaxInterval(5_000);
        return backOff;
    }

    /** A join that is too large for the dead-letter topic must not block the partition. */
    static void publish(DeadLetterPublishingRecoverer deadLetters, ConsumerRecord<?, ?> record, Exception failure) {
        try {
            deadLetters.accept(record, failure);
        } catch (RuntimeException refused) {
            if (cause(refused, RecordTooLargeException.class) == null) {
                throw refused;
            }
            log.error(
                    "The join at offset {} of partition {} is too large for the dead-letter topic and is lost",
                    record.offset(),
                    record.partition());
        }
    }
}
