package dev.onsale.eventlog.tail;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the part of the log that no later commit can precede. A gap in the positions is a transaction that was rolled back, or
 * one that has not committed yet. It is passed over if the row behind it is older than a transaction may run; or if it was seen
 * for some time and a locking read finds no uncommitted row in it. Used by one thread.
 */
final class OpenGaps {

    private final TailRows rows;
    private final Clock clock;
    private final Duration patience;
    private final Duration transactionMax;
    /** When each gap was first seen, by its first position. */
    private Map<Long, Long> seenAt = new HashMap<>();

    /**
     * @param patience how long a gap must have been seen
     * @param transactionMax longer than a transaction can run
     */
    OpenGaps(TailRows rows, Clock clock, Duration patience, Duration transactionMax) {
        this.rows = rows;
        this.clock = clock;
        this.patience = patience;
        this.transactionMax = transactionMax;
    }

    /**
     * The rows before the first open gap.
     *
     * @param from the position before which nothing is open
     */
    List<LogEntry> settled(long from, List<LogEntry> found) {
        Map<Long, Long> stillOpen = new HashMap<>();
        long now = System.nanoTime();
        long expected = from + 1;
        int settled = found.size();
        for (int index = 0; index < found.size(); index++) {
            LogEntry entry = found.get(index);
            if (entry.position() > expected && !isOld(entry)) {
                // The gaps behind the first are noted too: their time runs from now on.
                long seen = seenAt.getOrDefault(expected, now);
                stillOpen.put(expected, seen);
                if (settled == found.size() && !isClosed(expected, entry.position() - 1, now - seen)) {
                    settled = index;
                }
            }
            expected = entry.position() + 1;
        }
        seenAt = stillOpen;
        return found.subList(0, settled);
    }

    private boolean isOld(LogEntry next) {
        return next.occurredAt().isBefore(clock.instant().minus(transactionMax));
    }

    private boolean isClosed(long from, long to, long seenForNanos) {
        return seenForNanos >= patience.toNanos() && rows.isEmpty(from, to);
    }
}
