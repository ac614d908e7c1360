package dev.onsale.command.guard;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.command.CommandSideProperties;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** One atomic script counts and claims; the coupons are a sorted set by rank. */
final class LuaCouponGuard implements CouponGuard {

    private static final LuaScript CLAIM = LuaScript.load("claim-coupon.lua", ScriptOutputType.VALUE);
    private static final LuaScript RELEASE = LuaScript.load("release-coupon.lua", ScriptOutputType.VALUE);

    private final GuardRedis redis;
    private final GuardRebuild rebuild;
    private final Duration claimDuration;

    LuaCouponGuard(GuardRedis redis, GuardRebuild rebuild, CommandSideProperties properties) {
        this.redis = redis;
        this.rebuild = rebuild;
        this.claimDuration = properties.claimDuration();
    }

    @Override
    public CompletionStage<CouponClaim> claim(CampaignId campaign, CouponId coupon, BuyerId buyer, Instant now) {
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
                .thenApply(answer -> switch (answer) {
                    case "GRANTED" -> CouponClaim.GRANTED;
                    case "SOLD_OUT" -> CouponClaim.SOLD_OUT;
                    case "ALREADY_ISSUED" -> CouponClaim.ALREADY_ISSUED;
                    default -> {
                        rebuild.coupons(campaign);
                        yield CouponClaim.AWAY;
                    }
                })
                .exceptionally(failure -> CouponClaim.AWAY);
    }

    @Override
    public CompletionStage<Void> release(CampaignId campaign, CouponId coupon, BuyerId buyer) {
        String sale = campaign.toString();
        String[] keys = {GuardKeys.buyers(sale), GuardKeys.pending(sale)};
        return redis.<String>call(commands -> RELEASE.run(commands, keys, coupon.toString(), buyer.toString()))
                .<Void>handle((done, failure) -> null);
    }
}
