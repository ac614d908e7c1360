package dev.onsale.waitingroom.intake;

import dev.onsale.api.InvalidValueException;
import dev.onsale.platform.failure.Causes;
import dev.onsale.platform.kafka.KafkaClients;
import dev.onsale.waitingroom.task.ServiceAway;
import org.springframework.kafka.listener.ConsumerRecordRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.FixedBackOff;

/** Error handling of consumers. An outage is retried until it ends, other failures a few times. */
final class RecordErrors {

    /** An unexpected failure may be temporary, but one record must not block all sales. */
    private static final int UNEXPECTED_RETRIES_MAX = 4;

    private static final int UNEXPECTED_PAUSE_MILLIS = 500;

    private RecordErrors() {}

    static DefaultErrorHandler handler(ConsumerRecordRecoverer putAside) {
        DefaultErrorHandler errors = new DefaultErrorHandler(putAside, KafkaClients.untilAvailable());
        // Without a limit: an outage is not caused by the record.
        errors.setBackOffFunction((record, failure) -> ServiceAway.isCauseOf(failure)
                ? KafkaClients.untilAvailable()
                : isUnreadable(failure)
                        ? new FixedBackOff(0, 0)
                        : new FixedBackOff(UNEXPECTED_PAUSE_MILLIS, UNEXPECTED_RETRIES_MAX));
        return errors;
    }

    /** A retry does not help. */
    private static boolean isUnreadable(Throwable failure) {
        return Causes.has(failure, InvalidValueException.class);
    }
}
