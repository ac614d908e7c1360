package dev.onsale.api.coupon;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;

/**
 * Uses a coupon for a payment, once. A repeat for the same payment changes nothing. Refused with {@code COUPON_NOT_FOUND} (also for
 * somebody else's), {@code COUPON_REDEEMED}, and with {@code PAYMENT_STATE_CONFLICT} if this payment gave it back before: a late
 * repeat must not use it up again.
 *
 * @param campaignId of which campaign
 * @param couponId which coupon
 * @param buyerId whose
 * @param reservationId for what
 * @param paymentId the payment that is reduced by it
 */
public record RedeemCoupon(
        CampaignId campaignId, CouponId couponId, BuyerId buyerId, ReservationId reservationId, PaymentId paymentId)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return campaignId.toString();
    }
}
