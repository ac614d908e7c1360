package dev.onsale.api.coupon;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is to change of a campaign; what is absent stays.
 *
 * @param quantity 1 to 10,000,000 and at least what was issued
 * @param opensAt in the future; only before the window has begun
 * @param closesAt in the future
 * @param discount of coupons issued from now on
 */
public record CampaignChange(
        @Nullable Integer quantity,
        @Nullable Instant opensAt,
        @Nullable Instant closesAt,
        @Nullable Discount discount) {}
