package dev.onsale.api.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.OnsaleCommand;

/**
 * Closes a campaign now; issued coupons stay valid. Refused with {@code CAMPAIGN_NOT_FOUND}. Closing twice changes nothing.
 *
 * @param campaignId which campaign
 */
public record CloseCampaign(CampaignId campaignId) implements OnsaleCommand {
    @Override
    public String routingKey() {
        return campaignId.toString();
    }
}
