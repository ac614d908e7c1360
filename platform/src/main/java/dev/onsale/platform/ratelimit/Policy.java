package dev.onsale.platform.ratelimit;

/**
 * One limit by name. The name is part of the keys in Redis and of what clients read, together with the limit's figures: a
 * limit that is changed begins with full buckets.
 *
 * @param localMax requests of a client that a node grants by its own count before it asks the shared bucket
 */
record Policy(String name, Limit limit, int localMax) {

    static Policy of(String name, Limit limit, int localPercent) {
        return new Policy(name, limit, (int) (limit.requests() * (long) localPercent / 100));
    }

    /** As a member of {@code RateLimit-Policy}. */
    String described() {
        return '"' + name + "\";q=" + limit.requests() + ";w=" + limit.window().toSeconds();
    }

    String key(String client) {
        return "onsale:rate:" + name + ':' + limit.requests() + ':'
                + limit.window().toSeconds() + ":{" + client + '}';
    }
}
