package dev.onsale.api.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.OperatorFact;
import dev.onsale.api.OperatorId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When coupons are issued changed. Both instants are named, also one that stayed.
 */
@LogicalType("onsale.campaign-window-changed")
public record CampaignWindowChanged(
        CampaignId campaignId,
        Instant opensAt,
        Instant closesAt,
        OperatorId operator,
        @Nullable String reason,
        Instant at)
        implements CouponEvent, OperatorFact {}
