package dev.onsale.command.guard.coupon;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.command.guard.rebuild.GuardRebuild;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.GuardMetrics;
import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.GuardScripts;
import dev.onsale.platform.redis.LuaScript;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Counts and claims coupons by one atomic script. The coupons are a sorted set by rank. */
public final class LuaCouponGuard implements CouponGuard {

    private static final LuaScript<String> CLAIM = GuardScripts.text("claim-coupon.lua");
    private static final LuaScript<Long> CHANGE_QUANTITY = GuardScripts.number("change-quantity.lua");
    private static final LuaScript<String> RELEASE = GuardScripts.text("release-coupon.lua");

    private static final String LOST = "LOST";
    private static final Duration REBUILD_WAIT_MAX = Duration.ofMillis(500);
    private static final int WAITING_MAX = 1_000;

    private final GuardRedis redis;
    private final GuardRebuild rebuild;
    private final GuardMetrics metrics;
    private final SoldOutCache memory;
    private final Duration claimDuration;
    /** Claims that wait for a rebuild. */
    private final Semaphore waiting = new Semaphore(WAITING_MAX);

    public LuaCouponGuard(
            GuardRedis redis, GuardRebuild rebuild, GuardMetrics metrics, SoldOutCache memory, Duration claimDuration) {
        this.redis = redis;
        this.rebuild = rebuild;
        this.metrics = metrics;
        this.memory = memory;
        this.claimDuration = claimDuration;
    }

    @Override
    public CompletionStage<CouponClaim> claim(CampaignId campaign, CouponId coupon, BuyerId buyer, Instant now) {
        if (memory.knows(campaign, buyer)) {
            metrics.couponAnsweredFromMemory();
            return CompletableFuture.completedStage(CouponClaim.SOLD_OUT);
        }
        return run(campaign, coupon, buyer, now)
                .thenCompose(answer -> answer.equals(LOST)
                        ? afterRebuild(campaign, coupon, buyer, now)
                        : CompletableFuture.completedStage(answer))
                .thenApply(answer -> said(answer, campaign))
                .exceptionally(failure -> CouponClaim.AWAY)
                .whenComplete((claim, failure) -> metrics.claimed(claim));
    }

    private CompletionStage<String> run(CampaignId campaign, CouponId coupon, BuyerId buyer, Instant now) {
        String sale = campaign.toString();
        String[] keys = {GuardKeys.coupons(sale), GuardKeys.buyers(sale), GuardKeys.pending(sale), GuardKeys.epoch(sale)
        };
        return redis.run(
                CLAIM,
                keys,
                Long.toString(now.toEpochMilli()),
                Long.toString(now.plus(claimDuration).toEpochMilli()),
                coupon.toString(),
                buyer.toString());
    }

    /** Waits shortly: a guard with few coupons is rebuilt in less time than a client needs to retry. */
    private CompletionStage<String> afterRebuild(CampaignId campaign, CouponId coupon, BuyerId buyer, Instant now) {
        CompletableFuture<Boolean> complete = rebuild.coupons(campaign);
        if (!waiting.tryAcquire()) {
            return CompletableFuture.completedStage(LOST);
        }
        return complete.completeOnTimeout(false, REBUILD_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((is, failure) -> waiting.release())
                .thenCompose(is -> is ? run(campaign, coupon, buyer, now) : CompletableFuture.completedStage(LOST));
    }

    private CouponClaim said(String answer, CampaignId campaign) {
        return switch (answer) {
            case "REPEATED" -> CouponClaim.GRANTED;
            case "ALREADY_ISSUED" -> CouponClaim.ALREADY_ISSUED;
            case "CLOSED" -> {
                memory.forget(campaign);
                yield CouponClaim.CLOSED;
            }
            case "EXHAUSTED" -> {
                memory.exhausted(campaign);
                yield CouponClaim.SOLD_OUT;
            }
            case "GRANTED" -> {
                memory.forget(campaign);
                yield CouponClaim.GRANTED;
            }
            case "SOLD_OUT" -> {
                memory.forget(campaign);
                yield CouponClaim.SOLD_OUT;
            }
            default -> {
                memory.forget(campaign);
                yield CouponClaim.AWAY;
            }
        };
    }

    @Override
    public CompletionStage<Void> release(CampaignId campaign, CouponId coupon, BuyerId buyer) {
        String sale = campaign.toString();
        String[] keys = {GuardKeys.buyers(sale), GuardKeys.pending(sale)};
        return redis.run(RELEASE, keys, coupon.toString(), buyer.toString()).<Void>handle((done, failure) -> null);
    }

    @Override
    public CompletionStage<Void> quantityChanged(CampaignId campaign, int quantity) {
        memory.forget(campaign);
        String[] keys = {GuardKeys.epoch(campaign.toString())};
        return redis.run(CHANGE_QUANTITY, keys, Integer.toString(quantity)).<Void>handle((changed, failure) -> null);
    }
}
