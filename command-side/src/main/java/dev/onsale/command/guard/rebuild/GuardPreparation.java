package dev.onsale.command.guard.rebuild;

import dev.onsale.api.CampaignId;
import dev.onsale.api.PerformanceId;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.platform.supervision.TaskThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * Makes the guard of a sale before its launch is answered, so that the first buyer finds it. It is made from the store: a repeat of
 * an old launch must not declare a lost guard complete. Without it {@link GuardFollower} or the first buyer brings it about, so a
 * failure here fails no launch.
 */
@Component
public final class GuardPreparation {

    /** How long a launch waits for its guard. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(3);

    private final GuardRedis redis;
    private final GuardRebuild rebuild;
    /** Separate from the workers of lost guards, so that a launch does not queue behind a large rebuild. */
    private final Executor executor = TaskThreads.perTask("new-guard-");

    public GuardPreparation(GuardRedis redis, GuardRebuild rebuild) {
        this.redis = redis;
        this.rebuild = rebuild;
    }

    /** Ends when the guard is complete, or cannot be made now. Never fails. */
    public CompletionStage<Void> ofPerformance(PerformanceId performance) {
        String key = GuardKeys.seats(performance.toString());
        return unless(
                redis.call(commands -> commands.hexists(key, GuardKeys.EPOCH)),
                () -> rebuild.seats(performance, executor));
    }

    /** As {@link #ofPerformance}. */
    public CompletionStage<Void> ofCampaign(CampaignId campaign) {
        String key = GuardKeys.epoch(campaign.toString());
        return unless(
                redis.<Long>call(commands -> commands.exists(key)).thenApply(keys -> keys == 1),
                () -> rebuild.coupons(campaign, executor));
    }

    private static CompletionStage<Void> unless(
            CompletionStage<Boolean> complete, Supplier<CompletionStage<Boolean>> rebuild) {
        return complete.thenCompose(is -> is ? CompletableFuture.completedStage(true) : rebuild.get())
                .toCompletableFuture()
                .copy()
                .orTimeout(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .<Void>handle((made, failure) -> null);
    }
}
