package dev.onsale.api.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.OperatorFact;
import dev.onsale.api.OperatorId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Coupons issued from now on are worth something else. Those issued before keep their discount.
 *
 * @param fromRank rank of the first coupon with this discount
 */
@LogicalType("onsale.campaign-discount-changed")
public record CampaignDiscountChanged(
        CampaignId campaignId,
        Discount discount,
        int fromRank,
        OperatorId operator,
        @Nullable String reason,
        Instant at)
        implements CouponEvent, OperatorFact {}
