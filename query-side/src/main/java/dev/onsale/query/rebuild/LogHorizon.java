package dev.onsale.query.rebuild;

import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.eventlog.tail.LogTail;
import dev.onsale.proof.sealing.SaleIndex;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Up to where the log can be read without missing what commits late. */
@Component
class LogHorizon {

    private final StoredEvents events;
    private final SaleIndex seals;
    private final Clock clock;
    private final Duration settledAfter;
    private final LogTail tail;

    LogHorizon(DataSource dataSource, SaleIndex seals, Clock clock, RebuildSettings settings, LogTail tail) {
        this.tail = tail;
        this.events = new StoredEvents(JdbcClient.create(dataSource));
        this.seals = seals;
        this.clock = clock;
        this.settledAfter = settings.settledAfter();
    }

    long head() {
        return events.head();
    }

    /** Nothing can appear any more at this position or before it. */
    long settled() {
        long sealed = seals.sealedTo();
        long settled = Math.max(sealed, Math.min(tail.settledNow(), events.head()));
        return Math.max(settled, lastWrittenBefore(clock.instant().minus(settledAfter), settled));
    }

    private long lastWrittenBefore(Instant instant, long atLeast) {
        long low = atLeast;
        long high = events.head();
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            List<StoredEvent> next = events.after(middle - 1, 1);
            if (!next.isEmpty() && next.getFirst().occurredAt().isBefore(instant)) {
                low = Math.max(middle, next.getFirst().position());
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
