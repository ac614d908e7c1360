package dev.onsale.api.coupon;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/** The reservation came to nothing; the coupon can be used again. */
@LogicalType("onsale.coupon-restored")
public record CouponRestored(
        CampaignId campaignId, CouponId couponId, BuyerId buyerId, ReservationId reservationId, Instant restoredAt)
        implements CouponEvent {}
