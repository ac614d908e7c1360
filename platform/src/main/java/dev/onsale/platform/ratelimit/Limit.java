package dev.onsale.platform.ratelimit;

import java.time.Duration;

/**
 * A token bucket.
 *
 * @param requests number of requests that may arrive at once, 1 to 10,000,000
 * @param window time in which an empty bucket is full again, {@code PT1S} to {@code P1D}; {@code PT10S} if absent
 */
record Limit(int requests, Duration window) {

    private static final int REQUESTS_MAX = 10_000_000;
    private static final Duration WINDOW_DEFAULT = Duration.ofSeconds(10);
    private static final Duration WINDOW_MIN = Duration.ofSeconds(1);
    private static final Duration WINDOW_MAX = Duration.ofDays(1);

    Limit {
        window = window == null ? WINDOW_DEFAULT : window;
        if (requests < 1 || requests > REQUESTS_MAX) {
            throw new IllegalArgumentException("onsale.web.rate-limit.*.requests is 1 to " + REQUESTS_MAX);
        }
        if (window.compareTo(WINDOW_MIN) < 0 || window.compareTo(WINDOW_MAX) > 0) {
            throw new IllegalArgumentException("onsale.web.rate-limit.*.window is PT1S to P1D");
        }
    }

    double tokensPerMilli() {
        return requests / (double) window.toMillis();
    }
}
