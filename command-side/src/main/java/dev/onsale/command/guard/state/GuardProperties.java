package dev.onsale.command.guard.state;

import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the guards ({@code onsale.command.guard.*}).
 *
 * @param strategy how the guard of seats works: {@code lua} (one atomic script), {@code redisson-lock} (a distributed
 *     lock per seat) or {@code optimistic} (no guard)
 * @param lockWait how long a claim waits for the locks of its seats; only with {@code redisson-lock}
 * @param lockLease time after which a lock that was not released is free; only with {@code redisson-lock}
 * @param soldOutMemory how long this process refuses coupons of an exhausted campaign without asking Redis again, 0 to
 *     10 s; 0 always asks
 * @param bestSeatsMemory how long requests for the best seats are refused after a writer has refused as many seats, 0 to
 *     10 s; 0 sends every request to the writer. Seats that come back meanwhile are offered after it
 * @param reconciliationInterval time between two comparisons of the guards of all live sales with the event store
 * @param retention how long a guard is kept after the end of its sale
 */
@ConfigurationProperties("onsale.command.guard")
public record GuardProperties(
        @DefaultValue("lua") Strategy strategy,
        @DefaultValue("PT1S") Duration lockWait,
        @DefaultValue("PT2S") Duration lockLease,
        @DefaultValue("PT1S") Duration soldOutMemory,
        @DefaultValue("PT0.1S") Duration bestSeatsMemory,
        @DefaultValue("PT10M") Duration reconciliationInterval,
        @DefaultValue("P1D") Duration retention) {

    /** A guard that was wrong and is repaired must not be contradicted for long. */
    private static final Duration SOLD_OUT_MEMORY_MAX = Duration.ofSeconds(10);

    public enum Strategy {
        /** One atomic script in Redis. */
        LUA,
        /** Plain reads and writes in Redis under a distributed lock per seat. */
        REDISSON_LOCK,
        /** No guard: the seats alone. */
        OPTIMISTIC
    }

    public GuardProperties {
        Map<String, Duration> positive = Map.of(
                "lock-wait", lockWait, "lock-lease", lockLease, "reconciliation-interval", reconciliationInterval);
        positive.forEach((name, duration) -> {
            if (!duration.isPositive()) {
                throw new IllegalArgumentException("onsale.command.guard." + name + " is positive");
            }
        });
        if (retention.isNegative()) {
            throw new IllegalArgumentException("onsale.command.guard.retention is not negative");
        }
        if (bestSeatsMemory.isNegative() || bestSeatsMemory.compareTo(SOLD_OUT_MEMORY_MAX) > 0) {
            throw new IllegalArgumentException(
                    "onsale.command.guard.best-seats-memory is 0 to " + SOLD_OUT_MEMORY_MAX.toSeconds() + " s");
        }
        if (soldOutMemory.isNegative() || soldOutMemory.compareTo(SOLD_OUT_MEMORY_MAX) > 0) {
            throw new IllegalArgumentException(
                    "onsale.command.guard.sold-out-memory is 0 to " + SOLD_OUT_MEMORY_MAX.toSeconds() + " s");
        }
    }
}
