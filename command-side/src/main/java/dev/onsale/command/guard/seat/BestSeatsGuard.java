package dev.onsale.command.guard.seat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.GuardMetrics;
import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.GuardScripts;
import dev.onsale.platform.redis.LuaScript;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests for the best seats for a moment after the writer has refused as many. Without it a sold-out hall sends every
 * request to its one writer. The writer chooses and decides; while Redis is away every request goes to it.
 */
public final class BestSeatsGuard {

    private static final LuaScript<String> ASK = GuardScripts.text("ask-best.lua");
    private static final LuaScript<String> REFUSE = GuardScripts.text("refuse-best.lua");

    /** Longer than the guard needs to learn of a hold from the log: then it knows the buyer. */
    private static final Duration MARKED = Duration.ofMinutes(1);

    private final GuardRedis redis;
    private final GuardMetrics metrics;
    private final Duration memory;

    /**
     * @param memory how long a refusal of the writer counts; zero for never
     */
    public BestSeatsGuard(GuardRedis redis, GuardMetrics metrics, Duration memory) {
        this.redis = redis;
        this.metrics = metrics;
        this.memory = memory;
    }

    /** Whether the request goes on to the writer. */
    public CompletionStage<Boolean> passes(
            PerformanceId performance,
            ReservationId reservation,
            BuyerId buyer,
            int quantity,
            @Nullable String category) {
        if (memory.isZero()) {
            return CompletableFuture.completedStage(true);
        }
        String sale = performance.toString();
        String[] keys = {
            GuardKeys.seats(sale), GuardKeys.refusedBest(sale), GuardKeys.askedBest(sale, reservation.toString())
        };
        return redis.run(
                        ASK,
                        keys,
                        GuardKeys.buyerField(buyer),
                        field(category),
                        Integer.toString(quantity),
                        Long.toString(MARKED.toMillis()))
                .handle((answer, failure) -> {
                    boolean passes = failure != null || answer.equals("PASS");
                    metrics.bestSeatsAsked(passes);
                    return passes;
                });
    }

    /** The writer has found fewer free seats. */
    public void refused(PerformanceId performance, ReservationId reservation, int quantity, @Nullable String category) {
        if (memory.isZero()) {
            return;
        }
        String sale = performance.toString();
        String[] keys = {GuardKeys.refusedBest(sale), GuardKeys.askedBest(sale, reservation.toString())};
        // If it fails, the next request learns the same from the writer.
        var unused =
                redis.run(REFUSE, keys, field(category), Integer.toString(quantity), Long.toString(memory.toMillis()));
    }

    /** Seats are free again: the next request goes to the writer. */
    public CompletionStage<Void> freed(PerformanceId performance) {
        if (memory.isZero()) {
            return CompletableFuture.completedStage(null);
        }
        String key = GuardKeys.refusedBest(performance.toString());
        return redis.<Long>call(commands -> commands.del(key)).<Void>handle((removed, failure) -> null);
    }

    /** No category has an empty name. */
    private static String field(@Nullable String category) {
        return category == null ? "" : category;
    }
}
