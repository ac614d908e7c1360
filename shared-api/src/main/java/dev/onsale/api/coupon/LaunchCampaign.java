package dev.onsale.api.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.OnsaleCommand;
import java.time.Instant;

/**
 * Launches a campaign. Refused with {@code INVALID_WINDOW}, {@code INVALID_REQUEST}; a repeat with the same id and content is
 * answered like the first.
 *
 * @param campaignId the new campaign
 * @param name 1 to 200 characters
 * @param quantity coupons in all, 1 to 10,000,000
 * @param maxCouponsPerBuyer how many one person may have, 1 to 100
 * @param opensAt first instant at which coupons are issued
 * @param closesAt first instant at which they no longer are
 * @param discount what one coupon is worth
 */
public record LaunchCampaign(
        CampaignId campaignId,
        String name,
        int quantity,
        int maxCouponsPerBuyer,
        Instant opensAt,
        Instant closesAt,
        Discount discount)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return campaignId.toString();
    }
}
