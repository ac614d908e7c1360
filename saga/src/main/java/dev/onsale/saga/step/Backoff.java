package dev.onsale.saga.step;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Exponential backoff with jitter, so that steps that failed together are not retried together. */
record Backoff(Duration min, Duration max) {

    private static final int DOUBLINGS_MAX = 20;

    Duration pause(int failures) {
        int doublings = Math.min(Math.max(failures, 0), DOUBLINGS_MAX);
        long whole = Math.min(min.toMillis() << doublings, max.toMillis());
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(whole / 2, whole + 1));
    }

    Duration shortPause() {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(min.toMillis() / 2, 2 * min.toMillis() + 1));
    }
}
