package dev.onsale.command.guard.coupon;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Stands in front of a campaign: answers "sold out" without troubling the campaign's one writer. */
public interface CouponGuard {

    CompletionStage<CouponClaim> claim(CampaignId campaign, CouponId coupon, BuyerId buyer, Instant now);

    CompletionStage<Void> release(CampaignId campaign, CouponId coupon, BuyerId buyer);

    /** The campaign has so many coupons from here on. The log says it again a moment later. */
    CompletionStage<Void> quantityChanged(CampaignId campaign, int quantity);

    /** What came of a claim. */
    enum CouponClaim {
        GRANTED,
        SOLD_OUT,
        ALREADY_ISSUED,
        /** An operator closed the campaign. */
        CLOSED,
        /** The guard is away or lost. All requests would overload the campaign's one writer, so the answer is 503. */
        AWAY
    }
}
