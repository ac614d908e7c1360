package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/**
 * The payment that is requested next is reduced by a coupon; its amount is the total less {@code discount}. The coupon itself is
 * redeemed by its campaign.
 */
@LogicalType("onsale.payment-discounted")
public record PaymentDiscounted(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        PaymentId paymentId,
        CampaignId campaignId,
        CouponId couponId,
        Money discount,
        Instant discountedAt)
        implements ReservationEvent {}
