package dev.onsale.api.coupon;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.OnsaleCommand;

/**
 * Asks for a coupon, first come first served. Answered with {@link CouponIssued}; a repeat with the same coupon id is answered
 * like the first. Refused with {@code CAMPAIGN_NOT_FOUND}, {@code CAMPAIGN_NOT_OPEN}, {@code CAMPAIGN_CLOSED}, {@code SOLD_OUT},
 * {@code ALREADY_ISSUED}.
 *
 * @param campaignId of which campaign
 * @param couponId the new coupon
 * @param buyerId for whom
 */
public record IssueCoupon(CampaignId campaignId, CouponId couponId, BuyerId buyerId) implements OnsaleCommand {
    @Override
    public String routingKey() {
        return campaignId.toString();
    }
}
