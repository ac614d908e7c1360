package dev.onsale.api.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.OperatorAction;
import dev.onsale.api.Revision;
import org.jspecify.annotations.Nullable;

/**
 * Changes the terms of a campaign: all that is asked for, or nothing. Answered with the {@link CampaignTerms} after it; a change that
 * is made already is answered so, too. Refused with {@code CAMPAIGN_NOT_FOUND}, {@code CAMPAIGN_CLOSED}, {@code CHANGED_MEANWHILE},
 * {@code STALE_REVISION}, {@code INVALID_REQUEST}, {@code INVALID_WINDOW}, {@code QUANTITY_BELOW_ISSUED}.
 *
 * @param basedOn what the operator knew; absent for whatever there is
 */
public record ChangeCampaign(
        CampaignId campaignId,
        CampaignChange change,
        OperatorAction by,
        @Nullable Revision basedOn) implements OnsaleCommand {

    @Override
    public String routingKey() {
        return campaignId.toString();
    }
}
