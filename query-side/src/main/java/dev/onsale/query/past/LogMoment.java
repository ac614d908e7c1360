package dev.onsale.query.past;

import dev.onsale.eventlog.StoredEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A moment of the log, by position or by time.
 *
 * @param position everything up to it, inclusive
 * @param instant everything written down by then, inclusive; absent: no matter when
 */
public record LogMoment(long position, @Nullable Instant instant) {

    public boolean covers(StoredEvent event) {
        return event.position() <= position
                && (instant == null || !event.occurredAt().isAfter(instant));
    }
}
