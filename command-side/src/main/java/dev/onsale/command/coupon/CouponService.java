package dev.onsale.command.coupon;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CampaignTerms;
import dev.onsale.api.coupon.ChangeCampaign;
import dev.onsale.api.coupon.CloseCampaign;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.IssueCoupon;
import dev.onsale.api.coupon.LaunchCampaign;
import dev.onsale.api.coupon.RevokeCoupon;
import dev.onsale.command.bus.CommandSender;
import dev.onsale.command.guard.coupon.CouponGuard;
import dev.onsale.command.guard.rebuild.GuardPreparation;
import dev.onsale.platform.failure.Causes;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.springframework.stereotype.Component;

/** Launches and closes campaigns, and issues coupons: existence, guard, command. A refused command gives its claim back. */
@Component
class CouponService {

    private final CommandSender commands;
    private final CampaignExistence campaigns;
    private final CouponGuard guard;
    private final GuardPreparation newGuards;
    private final Clock clock;

    CouponService(
            CommandSender commands,
            CampaignExistence campaigns,
            CouponGuard guard,
            GuardPreparation newGuards,
            Clock clock) {
        this.commands = commands;
        this.campaigns = campaigns;
        this.guard = guard;
        this.newGuards = newGuards;
        this.clock = clock;
    }

    /** The first buyer after the answer must find the campaign and its guard. */
    CompletionStage<CampaignLaunched> launch(LaunchCampaign command) {
        return commands.send(command, CampaignLaunched.class).thenCompose(launched -> {
            campaigns.readAgain(launched.campaignId());
            return newGuards.ofCampaign(launched.campaignId()).thenApply(made -> launched);
        });
    }

    CompletionStage<Object> close(CampaignId campaign) {
        return campaigns.require(campaign).thenCompose(known -> commands.send(new CloseCampaign(known), Object.class));
    }

    /** The first buyer after the answer must find the new quantity. */
    CompletionStage<CampaignTerms> change(ChangeCampaign command) {
        return campaigns
                .require(command.campaignId())
                .thenCompose(known -> commands.send(command, CampaignTerms.class))
                .thenCompose(terms -> {
                    campaigns.readAgain(command.campaignId());
                    return guard.quantityChanged(
                                    command.campaignId(), terms.current().quantity())
                            .thenApply(told -> terms);
                });
    }

    CompletionStage<Object> revoke(RevokeCoupon command) {
        return campaigns.require(command.campaignId()).thenCompose(known -> commands.send(command, Object.class));
    }

    CompletionStage<CouponIssued> issue(CampaignId campaign, CouponId coupon, BuyerId buyer) {
        return campaigns
                .requireGuarded(campaign)
                .thenCompose(known -> guard.claim(known, coupon, buyer, clock.instant()))
                .thenCompose(claim -> switch (claim) {
                    case GRANTED -> granted(new IssueCoupon(campaign, coupon, buyer));
                    case SOLD_OUT -> refused(RefusalCode.SOLD_OUT, "Every coupon has been issued");
                    case ALREADY_ISSUED -> refused(RefusalCode.ALREADY_ISSUED, "You already have your coupon");
                    case CLOSED -> refused(RefusalCode.CAMPAIGN_CLOSED, "The campaign is over");
                    case AWAY ->
                        refused(
                                RefusalCode.TEMPORARILY_UNAVAILABLE,
                                "Coupons are not issued for a moment; try again shortly");
                });
    }

    private CompletionStage<CouponIssued> granted(IssueCoupon command) {
        return commands.send(command, CouponIssued.class).whenComplete((issued, failure) -> {
            RefusedException refused = Causes.find(failure, RefusedException.class);
            // Without an answer the coupon may be issued; then the claim is settled by the log, or expires.
            if (refused != null && refused.code() != RefusalCode.TEMPORARILY_UNAVAILABLE) {
                guard.release(command.campaignId(), command.couponId(), command.buyerId());
            }
        });
    }

    private static CompletionStage<CouponIssued> refused(RefusalCode code, String detail) {
        return CompletableFuture.failedStage(new RefusedException(code, detail));
    }
}
