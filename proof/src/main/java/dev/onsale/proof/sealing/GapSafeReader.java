package dev.onsale.proof.sealing;

import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.LogRows;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.dao.TransientDataAccessException;

/**
 * Reads the log up to the last row that no later commit can precede. A gap in the positions is either a rolled-back
 * transaction or one that has not committed yet. The reader skips a gap only after the gap has existed for the
 * configured time and a locking read has found no uncommitted row in it. Not thread-safe.
 */
final class GapSafeReader {

    private final LogRows rows;
    private final Clock clock;
    private final Duration gapPatience;
    private Map<Long, Instant> gapSeen = new HashMap<>();

    GapSafeReader(LogRows rows, Clock clock, Duration gapPatience) {
        this.rows = rows;
        this.clock = clock;
        this.gapPatience = gapPatience;
    }

    List<LogRow> after(long position, int limit) {
        List<LogRow> found = rows.after(position, limit);
        Map<Long, Instant> stillOpen = new HashMap<>();
        long expected = position + 1;
        int certain = 0;
        boolean certainSoFar = true;
        for (LogRow row : found) {
            if (row.position() > expected && !isCertain(expected, row.position() - 1, stillOpen, certainSoFar)) {
                certainSoFar = false;
            }
            certain += certainSoFar ? 1 : 0;
            expected = row.position() + 1;
        }
        gapSeen = stillOpen;
        return found.subList(0, certain);
    }

    private boolean isCertain(long from, long to, Map<Long, Instant> stillOpen, boolean matters) {
        Instant now = clock.instant();
        Instant seen = gapSeen.getOrDefault(from, now);
        stillOpen.put(from, seen);
        if (!matters || Duration.between(seen, now).compareTo(gapPatience) < 0) {
            return false;
        }
        try {
            return rows.isEmptyForGood(from, to);
        } catch (TransientDataAccessException stillWriting) {
            return false;
        }
    }
}
