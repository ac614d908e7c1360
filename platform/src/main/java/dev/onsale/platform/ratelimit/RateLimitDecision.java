package dev.onsale.platform.ratelimit;

/**
 * What a bucket says to one request.
 *
 * @param remaining requests that are left, as far as this node knows
 * @param waitMillis until the next request is granted; 0 if it would be now
 * @param fullMillis until the bucket is full again
 */
record RateLimitDecision(boolean granted, long remaining, long waitMillis, long fullMillis) {

    long retryAfterSeconds() {
        return Math.max(1, (waitMillis + 999) / 1000);
    }

    /** As a member of {@code RateLimit}. */
    String described(Policy policy) {
        return '"' + policy.name() + "\";r=" + remaining + ";t=" + Math.max(1, (fullMillis + 999) / 1000);
    }
}
