package dev.onsale.api.coupon;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/** The payment that redeemed it came to nothing or was given back; the coupon can be used again. */
@LogicalType("onsale.coupon-restored")
public record CouponRestored(
        CampaignId campaignId,
        CouponId couponId,
        BuyerId buyerId,
        ReservationId reservationId,
        PaymentId paymentId,
        Instant restoredAt)
        implements CouponEvent {}
