package dev.onsale.api.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.OnsaleEvent;

/** A fact of one coupon campaign. */
public sealed interface CouponEvent extends OnsaleEvent
        permits CampaignLaunched,
                CouponIssued,
                CouponRedeemed,
                CouponRestored,
                CampaignExhausted,
                CampaignClosed,
                CampaignQuantityChanged,
                CampaignWindowChanged,
                CampaignDiscountChanged,
                CouponRevoked {

    CampaignId campaignId();

    @Override
    default String saleKey() {
        return campaignId().toString();
    }
}
