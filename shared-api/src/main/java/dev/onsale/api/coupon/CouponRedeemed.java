package dev.onsale.api.coupon;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/** The coupon was used by one payment for a reservation. */
@LogicalType("onsale.coupon-redeemed")
public record CouponRedeemed(
        CampaignId campaignId,
        CouponId couponId,
        BuyerId buyerId,
        ReservationId reservationId,
        PaymentId paymentId,
        Instant redeemedAt)
        implements CouponEvent {}
