package dev.onsale.command.guard;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One atomic script counts and claims; the coupons are a sorted set by rank. */
final class LuaCouponGuard implements CouponGuard {

    private static final LuaScript CLAIM = LuaScript.load("claim-coupon.lua", ScriptOutputType.VALUE);
    private static final LuaScript RELEASE = LuaScript.load("release-coupon.lua", ScriptOutputType.VALUE);

    private final GuardRedis redis;
    private final GuardRebuild rebuild;
    private final GuardMetrics metrics;
    private final SoldOutMemory memory;
    private final Duration claimDuration;

    LuaCouponGuard(
            GuardRedis redis,
            GuardRebuild rebuild,
            GuardMetrics metrics,
            SoldOutMemory memory,
            Duration claimDuration) {
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
        String sale = campaign.toString();
        String[] keys = {GuardKeys.coupons(sale), GuardKeys.buyers(sale), GuardKeys.pending(sale), GuardKeys.epoch(sale)
        };
        return redis.<String>call(commands -> CLAIM.run(
                        commands,
                        keys,
                        Long.toString(now.toEpochMilli()),
                        Long.toString(now.plus(claimDuration).toEpochMilli()),
                        coupon.toString(),
                        buyer.toString()))
                .thenApply(answer -> said(answer, campaign))
                .exceptionally(failure -> CouponClaim.AWAY)
                .whenComplete((claim, failure) -> metrics.claimed(claim));
    }

    private CouponClaim said(String answer, CampaignId campaign) {
        return switch (answer) {
            case "REPEATED" -> CouponClaim.GRANTED;
            case "ALREADY_ISSUED" -> CouponClaim.ALREADY_ISSUED;
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
                rebuild.coupons(campaign);
                yield CouponClaim.AWAY;
            }
        };
    }

    @Override
    public CompletionStage<Void> release(CampaignId campaign, CouponId coupon, BuyerId buyer) {
        String sale = campaign.toString();
        String[] keys = {GuardKeys.buyers(sale), GuardKeys.pending(sale)};
        return redis.<String>call(commands -> RELEASE.run(commands, keys, coupon.toString(), buyer.toString()))
                .<Void>handle((done, failure) -> null);
    }
}
