package dev.onsale.command.publishing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How old the oldest fact is that the publisher tries to publish. Safe for use by several threads. */
final class PublishingProgress {

    private final ConcurrentMap<Integer, Instant> oldestBySegment = new ConcurrentHashMap<>();
    private final Clock clock;

    PublishingProgress(Clock clock) {
        this.clock = clock;
    }

    /** A batch is being published; it counts until {@link #done}, also while it fails and is tried again. */
    void began(int segment, Instant oldest) {
        oldestBySegment.put(segment, oldest);
    }

    void done(int segment) {
        oldestBySegment.remove(segment);
    }

    /** Zero if nothing is under way. */
    Duration oldestAge() {
        Instant now = clock.instant();
        return oldestBySegment.values().stream()
                .map(oldest -> Duration.between(oldest, now))
                .filter(Duration::isPositive)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }
}
