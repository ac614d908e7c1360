package dev.onsale.platform.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;

/** Applies one policy to its clients. Most verdicts are there at once; a few wait, within the patience, for the shared bucket. */
final class RateLimiter {

    private final Policy policy;
    private final String described;
    private final SharedBuckets shared;
    private final RateLimitMetrics metrics;
    private final Clock clock;
    private final Cache<String, ClientBucket> clients;

    RateLimiter(
            Policy policy,
            SharedBuckets shared,
            RateLimitProperties properties,
            RateLimitMetrics metrics,
            Clock clock) {
        this.policy = policy;
        this.described = policy.described();
        this.shared = shared;
        this.metrics = metrics;
        this.clock = clock;
        // A bucket that was unused for so long is full, so dropping it changes nothing.
        this.clients = Caffeine.newBuilder()
                .maximumSize(properties.clientsMax())
                .expireAfterAccess(policy.limit().window().multipliedBy(2))
                .build();
        metrics.clients(policy, clients, Cache::estimatedSize);
    }

    Policy policy() {
        return policy;
    }

    /** The policy as a member of {@code RateLimit-Policy}. */
    String described() {
        return described;
    }

    CompletableFuture<RateLimitDecision> take(String client) {
        ClientBucket bucket = clients.get(client, name -> new ClientBucket(policy, clock.millis()));
        RateLimitDecision verdict = bucket.take(clock.millis());
        if (verdict != null) {
            return CompletableFuture.completedFuture(counted(verdict));
        }
        int count = bucket.toCount();
        return shared.take(policy, client, count)
                .handle((probe, failure) -> counted(
                        failure == null
                                ? bucket.counted(count, probe, clock.millis())
                                : bucket.notCounted(count, clock.millis())));
    }

    private RateLimitDecision counted(RateLimitDecision verdict) {
        if (!verdict.granted()) {
            metrics.refused(policy);
        }
        return verdict;
    }
}
