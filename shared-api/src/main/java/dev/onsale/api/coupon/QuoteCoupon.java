package dev.onsale.api.coupon;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.OnsaleCommand;

/**
 * Asks what a coupon is worth to its owner; changes nothing. Answered with {@link CouponTerms}. Refused with {@code CAMPAIGN_NOT_FOUND},
 * {@code COUPON_NOT_FOUND} (also for somebody else's), {@code COUPON_REDEEMED}.
 *
 * @param campaignId of which campaign
 * @param couponId which coupon
 * @param buyerId who asks
 */
public record QuoteCoupon(CampaignId campaignId, CouponId couponId, BuyerId buyerId) implements OnsaleCommand {
    @Override
    public String routingKey() {
        return campaignId.toString();
    }
}
