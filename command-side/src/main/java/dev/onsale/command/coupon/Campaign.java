package dev.onsale.command.coupon;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.coupon.CampaignClosed;
import dev.onsale.api.coupon.CampaignExhausted;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.coupon.CouponRestored;
import dev.onsale.api.coupon.CouponTerms;
import dev.onsale.api.coupon.LaunchCampaign;
import dev.onsale.api.coupon.RedeemCoupon;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * One campaign and every coupon of it. It alone enforces quantity, window and the limit per person: exactly N, ranked in
 * the order in which its one writer meets the buyers, with no help from Redis.
 */
@Aggregate(type = "Campaign", cache = "aggregateCache")
class Campaign {

    private static final int NAME_LENGTH_MAX = 200;
    private static final int QUANTITY_MAX = 10_000_000;
    private static final int COUPONS_PER_BUYER_MAX = 100;

    @AggregateIdentifier
    @Nullable
    String id;

    private @Nullable CampaignLaunched launched;
    private boolean closed;
    private int issued;
    private final Map<CouponId, CouponIssued> coupons = new HashMap<>();
    private final Map<BuyerId, Integer> couponsByBuyer = new HashMap<>();
    private final Map<CouponId, CouponRedeemed> redeemed = new HashMap<>();
    private final Set<PaymentId> restoredBy = new HashSet<>();

    protected Campaign() {
        // Axon makes the aggregate and replays its facts.
    }

    Campaign(CampaignId id) {
        this.id = id.toString();
    }

    CampaignLaunched launch(LaunchCampaign command, Instant now) {
        require(
                !command.name().isBlank() && command.name().length() <= NAME_LENGTH_MAX,
                RefusalCode.INVALID_REQUEST,
                "A name has 1 to " + NAME_LENGTH_MAX + " characters");
        require(
                command.quantity() >= 1 && command.quantity() <= QUANTITY_MAX,
                RefusalCode.INVALID_REQUEST,
                "quantity is 1 to " + QUANTITY_MAX);
        require(
                command.maxCouponsPerBuyer() >= 1 && command.maxCouponsPerBuyer() <= COUPONS_PER_BUYER_MAX,
                RefusalCode.INVALID_REQUEST,
                "maxCouponsPerBuyer is 1 to " + COUPONS_PER_BUYER_MAX);
        require(
                command.opensAt().isBefore(command.closesAt()),
                RefusalCode.INVALID_WINDOW,
                "The campaign closes at or before it opens");
        CampaignLaunched fact = new CampaignLaunched(
                command.campaignId(),
                command.name(),
                command.quantity(),
                command.maxCouponsPerBuyer(),
                command.opensAt(),
                command.closesAt(),
                command.discount(),
                launched == null ? now : launched.launchedAt());
        if (launched != null) {
            require(
                    launched.equals(fact),
                    RefusalCode.IDEMPOTENCY_KEY_REUSED,
                    "This key launched another campaign before");
            return launched;
        }
        require(now.isBefore(command.closesAt()), RefusalCode.INVALID_WINDOW, "The window is already over");
        apply(fact);
        return fact;
    }

    CouponIssued issue(CouponId coupon, BuyerId buyer, Instant now) {
        CampaignLaunched campaign = required();
        CouponIssued earlier = coupons.get(coupon);
        if (earlier != null) {
            return earlier;
        }
        require(!now.isBefore(campaign.opensAt()), RefusalCode.CAMPAIGN_NOT_OPEN, "Opens at " + campaign.opensAt());
        require(!closed && now.isBefore(campaign.closesAt()), RefusalCode.CAMPAIGN_CLOSED, "The campaign is over");
        require(
                couponsByBuyer.getOrDefault(buyer, 0) < campaign.maxCouponsPerBuyer(),
                RefusalCode.ALREADY_ISSUED,
                "One person may have " + campaign.maxCouponsPerBuyer());
        require(issued < campaign.quantity(), RefusalCode.SOLD_OUT, "Every coupon has been issued");
        CouponIssued fact = new CouponIssued(campaign.campaignId(), coupon, buyer, issued + 1, now);
        apply(fact);
        if (fact.rank() == campaign.quantity()) {
            apply(new CampaignExhausted(campaign.campaignId(), campaign.quantity(), now));
        }
        return fact;
    }

    CouponTerms quote(CouponId coupon, BuyerId buyer) {
        CampaignLaunched campaign = required();
        requireOwner(coupon, buyer);
        require(!redeemed.containsKey(coupon), RefusalCode.COUPON_REDEEMED, "The coupon was redeemed before");
        return new CouponTerms(campaign.campaignId(), coupon, campaign.discount());
    }

    CouponRedeemed redeem(RedeemCoupon command, Instant now) {
        CampaignLaunched campaign = required();
        requireOwner(command.couponId(), command.buyerId());
        require(
                !restoredBy.contains(command.paymentId()),
                RefusalCode.PAYMENT_STATE_CONFLICT,
                "This payment gave the coupon back");
        CouponRedeemed earlier = redeemed.get(command.couponId());
        if (earlier != null) {
            require(
                    earlier.paymentId().equals(command.paymentId()),
                    RefusalCode.COUPON_REDEEMED,
                    "The coupon was redeemed before");
            return earlier;
        }
        CouponRedeemed fact = new CouponRedeemed(
                campaign.campaignId(),
                command.couponId(),
                command.buyerId(),
                command.reservationId(),
                command.paymentId(),
                now);
        apply(fact);
        return fact;
    }

    void restore(CouponId coupon, PaymentId payment, Instant now) {
        required();
        require(coupons.containsKey(coupon), RefusalCode.COUPON_NOT_FOUND, "There is no such coupon");
        CouponRedeemed use = redeemed.get(coupon);
        if (use != null && use.paymentId().equals(payment)) {
            apply(new CouponRestored(
                    use.campaignId(), coupon, use.buyerId(), use.reservationId(), use.paymentId(), now));
        }
    }

    private void requireOwner(CouponId couponId, BuyerId buyer) {
        CouponIssued coupon = coupons.get(couponId);
        require(
                coupon != null && coupon.buyerId().equals(buyer),
                RefusalCode.COUPON_NOT_FOUND,
                "You have no such coupon");
    }

    void close(Instant now) {
        CampaignLaunched campaign = required();
        if (!closed) {
            apply(new CampaignClosed(campaign.campaignId(), now));
        }
    }

    @EventSourcingHandler
    void on(CouponEvent event) {
        id = event.campaignId().toString();
        switch (event) {
            case CampaignLaunched fact -> launched = fact;
            case CouponIssued fact -> {
                issued = fact.rank();
                coupons.put(fact.couponId(), fact);
                couponsByBuyer.merge(fact.buyerId(), 1, Integer::sum);
            }
            case CouponRedeemed fact -> redeemed.put(fact.couponId(), fact);
            case CouponRestored fact -> {
                redeemed.remove(fact.couponId());
                restoredBy.add(fact.paymentId());
            }
            case CampaignExhausted fact -> issued = fact.quantity();
            case CampaignClosed fact -> closed = true;
        }
    }

    private CampaignLaunched required() {
        if (launched == null) {
            throw new RefusedException(RefusalCode.CAMPAIGN_NOT_FOUND, "There is no such campaign");
        }
        return launched;
    }

    private static void require(boolean holds, RefusalCode code, String detail) {
        if (!holds) {
            throw new RefusedException(code, detail);
        }
    }
}
