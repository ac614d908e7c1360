package dev.onsale.command.guard.state;

import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.springframework.stereotype.Component;

/** Removes guards of sales that are over. Redis frees their memory behind its back, so that a large one stops nobody. */
@Component
public final class GuardRemoval {

    /** So long a campaign that an operator closed is refused without reading its log again. */
    private static final Duration CLOSED_KEPT = Duration.ofDays(30);

    private final GuardRedis redis;

    public GuardRemoval(GuardRedis redis) {
        this.redis = redis;
    }

    public CompletionStage<Long> ofSale(String sale) {
        return redis.call(commands -> commands.unlink(
                GuardKeys.seats(sale),
                GuardKeys.coupons(sale),
                GuardKeys.buyers(sale),
                GuardKeys.pending(sale),
                GuardKeys.epoch(sale),
                GuardKeys.rebuild(sale),
                GuardKeys.report(sale, GuardReports.REBUILD),
                GuardKeys.report(sale, GuardReports.RECONCILIATION)));
    }

    /** Leaves one small key: the terms of the campaign do not say that it was closed early. */
    public CompletionStage<Long> ofClosedCampaign(String sale) {
        return redis.<String>call(commands ->
                        commands.set(GuardKeys.epoch(sale), GuardFacts.CLOSED, SetArgs.Builder.ex(CLOSED_KEPT)))
                .thenCompose(closed -> redis.call(commands -> commands.unlink(
                        GuardKeys.coupons(sale),
                        GuardKeys.buyers(sale),
                        GuardKeys.pending(sale),
                        GuardKeys.rebuild(sale))));
    }

    public CompletionStage<Boolean> isClosedCampaign(String sale) {
        return redis.<String>call(commands -> commands.get(GuardKeys.epoch(sale)))
                .thenApply(GuardFacts.CLOSED::equals);
    }
}
