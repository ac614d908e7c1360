package dev.onsale.api.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.LogicalType;
import java.time.Instant;

/** An operator closed the campaign before its window ended. */
@LogicalType("onsale.campaign-closed")
public record CampaignClosed(CampaignId campaignId, Instant closedAt) implements CouponEvent {}
