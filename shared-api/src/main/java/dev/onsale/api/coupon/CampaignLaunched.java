package dev.onsale.api.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.LogicalType;
import java.time.Instant;

/** A campaign of {@code quantity} coupons exists; the fields are those of {@link LaunchCampaign}. */
@LogicalType("onsale.campaign-launched")
public record CampaignLaunched(
        CampaignId campaignId,
        String name,
        int quantity,
        int maxCouponsPerBuyer,
        Instant opensAt,
        Instant closesAt,
        Discount discount,
        Instant launchedAt)
        implements CouponEvent {}
