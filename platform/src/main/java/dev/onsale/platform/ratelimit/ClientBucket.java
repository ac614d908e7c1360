package dev.onsale.platform.ratelimit;

import io.github.bucket4j.ConsumptionProbe;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of one client's bucket: never less than the shared bucket has. So an empty one is certainly empty and
 * refuses without asking anybody; a filled one grants some requests on its own and then lets the shared bucket count them.
 */
final class ClientBucket {

    private final Policy policy;
    private double tokens;
    private long refilledAt;
    private int uncounted;

    ClientBucket(Policy policy, long now) {
        this.policy = policy;
        this.tokens = policy.limit().requests();
        this.refilledAt = now;
    }

    /** The verdict, or nothing if the shared bucket is to be asked for {@link #toCount}. */
    synchronized @Nullable RateLimitDecision take(long now) {
        refill(now);
        if (tokens < 1) {
            return verdict(false);
        }
        if (uncounted >= policy.localMax()) {
            return null;
        }
        tokens--;
        uncounted++;
        return verdict(true);
    }

    /** Takes this request together with those that the shared bucket has not counted yet. */
    synchronized int toCount() {
        tokens--;
        int count = Math.min(uncounted + 1, policy.limit().requests());
        uncounted -= count - 1;
        return count;
    }

    synchronized RateLimitDecision counted(int count, ConsumptionProbe probe, long now) {
        refill(now);
        if (!probe.isConsumed()) {
            // All but this request were granted before: they are still to be counted.
            uncountedAgain(count - 1);
        }
        tokens = Math.min(tokens, (double) probe.getRemainingTokens() - uncounted);
        return verdict(probe.isConsumed());
    }

    /** The shared bucket did not answer: this node's own count decides, and what it granted is counted later. */
    synchronized RateLimitDecision notCounted(int count, long now) {
        refill(now);
        uncountedAgain(count);
        return verdict(true);
    }

    private void uncountedAgain(int count) {
        uncounted = Math.min(uncounted + count, policy.limit().requests());
    }

    private void refill(long now) {
        // A clock that was set back gives nothing and takes nothing.
        long passed = Math.max(0, now - refilledAt);
        tokens = Math.min(
                policy.limit().requests(), tokens + passed * policy.limit().tokensPerMilli());
        refilledAt = now;
    }

    private RateLimitDecision verdict(boolean granted) {
        double perMilli = policy.limit().tokensPerMilli();
        return new RateLimitDecision(
                granted, Math.max(0, (long) tokens), tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / perMilli), (long)
                        Math.ceil((policy.limit().requests() - tokens) / perMilli));
    }
}
