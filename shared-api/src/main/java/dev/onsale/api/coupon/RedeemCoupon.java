package dev.onsale.api.coupon;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.ReservationId;

/**
 * Uses a coupon for a reservation, once. A repeat for the same reservation changes nothing. Refused with
 * {@code COUPON_NOT_FOUND} (also for somebody else's), {@code COUPON_REDEEMED}.
 *
 * @param campaignId of which campaign
 * @param couponId which coupon
 * @param buyerId whose
 * @param reservationId for what
 */
public record RedeemCoupon(CampaignId campaignId, CouponId couponId, BuyerId buyerId, ReservationId reservationId)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return campaignId.toString();
    }
}
