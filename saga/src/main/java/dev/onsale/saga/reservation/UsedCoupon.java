package dev.onsale.saga.reservation;

import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;

/** A coupon that a payment uses. Stored with sagas and steps. */
record UsedCoupon(CampaignId campaignId, CouponId couponId) {}
