package dev.onsale.api.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;

/**
 * Gives a redeemed coupon back to its owner. A repeat changes nothing, nor does it for a coupon that another payment redeemed.
 * Refused with {@code COUPON_NOT_FOUND}.
 *
 * @param campaignId of which campaign
 * @param couponId which coupon
 * @param paymentId the payment that redeemed it
 */
public record RestoreCoupon(CampaignId campaignId, CouponId couponId, PaymentId paymentId) implements OnsaleCommand {
    @Override
    public String routingKey() {
        return campaignId.toString();
    }
}
