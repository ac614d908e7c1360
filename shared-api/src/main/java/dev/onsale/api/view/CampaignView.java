package dev.onsale.api.view;

import dev.onsale.api.CampaignId;
import dev.onsale.api.coupon.Discount;
import java.time.Instant;

/**
 * A coupon campaign with its counters; {@code issued + remaining = quantity}.
 *
 * @param redeemed issued coupons that are in use for a reservation
 */
public record CampaignView(
        CampaignId campaignId,
        String name,
        int quantity,
        int issued,
        int remaining,
        int redeemed,
        int maxCouponsPerBuyer,
        Instant opensAt,
        Instant closesAt,
        Discount discount,
        CampaignStatus status) {}
