package dev.onsale.saga.notification;

import dev.onsale.api.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The facts that buyers are notified of: those after a position of the log and not before an instant.
 *
 * @param afterPosition exclusive; 0 for the beginning of the log
 * @param notBefore inclusive, by the time of the fact; absent for no bound
 */
record NotificationStart(long afterPosition, @Nullable Instant notBefore) {

    static final NotificationStart BEGINNING = new NotificationStart(0, null);

    /**
     * Whether buyers are notified of this fact. What an operator gives back is always covered. A record without the headers of
     * a fact is somebody else's: {@link Notice} skips it.
     *
     * @throws RuntimeException if a header cannot be read
     */
    boolean covers(ConsumerRecord<?, ?> fact) {
        return this.equals(BEGINNING)
                || Topics.NOTIFICATION_RETRIES.equals(fact.topic())
                || (isAfter(header(fact, Topics.HEADER_POSITION)) && isSince(header(fact, Topics.HEADER_TIME)));
    }

    private boolean isAfter(@Nullable String position) {
        return position == null || Long.parseLong(position) > afterPosition;
    }

    private boolean isSince(@Nullable String time) {
        return notBefore == null || time == null || !Instant.parse(time).isBefore(notBefore);
    }

    private static @Nullable String header(ConsumerRecord<?, ?> fact, String name) {
        Header header = fact.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
