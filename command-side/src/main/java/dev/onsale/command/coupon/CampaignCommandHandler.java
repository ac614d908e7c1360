package dev.onsale.command.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CampaignTerms;
import dev.onsale.api.coupon.ChangeCampaign;
import dev.onsale.api.coupon.CloseCampaign;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.coupon.CouponTerms;
import dev.onsale.api.coupon.IssueCoupon;
import dev.onsale.api.coupon.LaunchCampaign;
import dev.onsale.api.coupon.QuoteCoupon;
import dev.onsale.api.coupon.RedeemCoupon;
import dev.onsale.api.coupon.RestoreCoupon;
import dev.onsale.api.coupon.RevokeCoupon;
import dev.onsale.command.bus.RepositoryAccess;
import java.time.Clock;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.Repository;
import org.springframework.stereotype.Component;

/** Sends commands to campaigns. */
@Component
class CampaignCommandHandler {

    private final Repository<Campaign> campaigns;
    private final Clock clock;

    CampaignCommandHandler(Repository<Campaign> campaigns, Clock clock) {
        this.campaigns = campaigns;
        this.clock = clock;
    }

    @CommandHandler
    CampaignLaunched handle(LaunchCampaign command) {
        return find(command.campaignId()).invoke(campaign -> campaign.launch(command, clock.instant()));
    }

    @CommandHandler
    CouponIssued handle(IssueCoupon command) {
        return find(command.campaignId())
                .invoke(campaign -> campaign.issue(command.couponId(), command.buyerId(), clock.instant()));
    }

    @CommandHandler
    CouponRedeemed handle(RedeemCoupon command) {
        return find(command.campaignId()).invoke(campaign -> campaign.redeem(command, clock.instant()));
    }

    @CommandHandler
    void handle(RestoreCoupon command) {
        find(command.campaignId())
                .execute(campaign -> campaign.restore(command.couponId(), command.paymentId(), clock.instant()));
    }

    @CommandHandler
    CouponTerms handle(QuoteCoupon command) {
        return find(command.campaignId()).invoke(campaign -> campaign.quote(command.couponId(), command.buyerId()));
    }

    @CommandHandler
    CampaignTerms handle(ChangeCampaign command) {
        return find(command.campaignId()).invoke(campaign -> campaign.change(command, clock.instant()));
    }

    @CommandHandler
    void handle(RevokeCoupon command) {
        find(command.campaignId()).execute(campaign -> campaign.revoke(command, clock.instant()));
    }

    @CommandHandler
    void handle(CloseCampaign command) {
        find(command.campaignId()).execute(campaign -> campaign.close(clock.instant()));
    }

    private Aggregate<Campaign> find(CampaignId id) {
        return RepositoryAccess.loadOrCreate(campaigns, id.toString(), () -> new Campaign(id));
    }
}
