package dev.onsale.api.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.LogicalType;
import java.time.Instant;

/** The last coupon was issued. */
@LogicalType("onsale.campaign-exhausted")
public record CampaignExhausted(CampaignId campaignId, int quantity, Instant exhaustedAt) implements CouponEvent {}
