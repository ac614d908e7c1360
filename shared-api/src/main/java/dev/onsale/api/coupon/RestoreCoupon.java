package dev.onsale.api.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.ReservationId;

/**
 * Gives a redeemed coupon back to its owner. A repeat changes nothing. Refused with {@code COUPON_NOT_FOUND}.
 *
 * @param campaignId of which campaign
 * @param couponId which coupon
 * @param reservationId the reservation that redeemed it
 */
public record RestoreCoupon(CampaignId campaignId, CouponId couponId, ReservationId reservationId)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return campaignId.toString();
    }
}
