package dev.onsale.api.view;

import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.coupon.Discount;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A coupon as its owner sees it.
 *
 * @param rank the owner's place in the campaign, from 1
 * @param reservationId what it was redeemed for; absent while it can be used
 */
public record CouponView(
        CouponId couponId,
        CampaignId campaignId,
        String campaignName,
        int rank,
        Discount discount,
        CouponStatus status,
        Instant issuedAt,
        @Nullable ReservationId reservationId) {}
