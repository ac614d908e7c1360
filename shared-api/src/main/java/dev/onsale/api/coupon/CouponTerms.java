package dev.onsale.api.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;

/**
 * A coupon that its owner may redeem, and what it takes off.
 *
 * @param campaignId of which campaign
 * @param couponId which coupon
 * @param discount what the campaign gave it when it was issued
 */
public record CouponTerms(CampaignId campaignId, CouponId couponId, Discount discount) {}
