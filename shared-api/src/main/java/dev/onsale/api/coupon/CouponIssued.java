package dev.onsale.api.coupon;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.LogicalType;
import java.time.Instant;

/** The buyer has a coupon: the {@code rank}-th of the campaign, counted from 1 without holes. */
@LogicalType("onsale.coupon-issued")
public record CouponIssued(CampaignId campaignId, CouponId couponId, BuyerId buyerId, int rank, Instant issuedAt)
        implements CouponEvent {}
