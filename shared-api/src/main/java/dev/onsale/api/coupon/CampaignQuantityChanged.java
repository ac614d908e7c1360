package dev.onsale.api.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.OperatorFact;
import dev.onsale.api.OperatorId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The campaign has more or fewer coupons, never fewer than were issued.
 */
@LogicalType("onsale.campaign-quantity-changed")
public record CampaignQuantityChanged(
        CampaignId campaignId,
        int quantity,
        OperatorId operator,
        @Nullable String reason,
        Instant at) implements CouponEvent, OperatorFact {}
