package dev.onsale.api.view;

import dev.onsale.api.CampaignId;
import dev.onsale.api.coupon.Discount;
import java.time.Instant;

/**
 * A coupon campaign with its counters; {@code issued + remaining = quantity}.
 *
 * @param redeemed issued coupons that are in use for a reservation
 * @param discount of the next coupon; coupons keep that with which they were issued
 * @param revision number of changes of its terms so far
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
        CampaignStatus status,
        int revision) {}
