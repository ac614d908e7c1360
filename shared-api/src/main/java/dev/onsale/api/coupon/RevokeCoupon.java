package dev.onsale.api.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.OperatorAction;

/**
 * Takes a coupon that is not in use from its owner. It still counts as issued. A repeat changes nothing. Refused with
 * {@code CAMPAIGN_NOT_FOUND}, {@code COUPON_NOT_FOUND}, {@code COUPON_REDEEMED}.
 *
 * @param by with a reason
 */
public record RevokeCoupon(CampaignId campaignId, CouponId couponId, OperatorAction by) implements OnsaleCommand {

    @Override
    public String routingKey() {
        return campaignId.toString();
    }
}
