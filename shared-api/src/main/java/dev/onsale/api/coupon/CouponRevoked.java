package dev.onsale.api.coupon;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.OperatorFact;
import dev.onsale.api.OperatorId;
import java.time.Instant;

/**
 * An operator took a coupon from its owner that was not in use. It counts as issued.
 */
@LogicalType("onsale.coupon-revoked")
public record CouponRevoked(
        CampaignId campaignId, CouponId couponId, BuyerId buyerId, OperatorId operator, String reason, Instant at)
        implements CouponEvent, OperatorFact {}
