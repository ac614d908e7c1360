package dev.onsale.command.coupon;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Texts;
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
import dev.onsale.command.bus.MemorySized;
import dev.onsale.command.coupon.RedemptionTable.Redemption;
import dev.onsale.eventlog.EventJson;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * One campaign and every coupon of it. It alone enforces quantity, window and the limit per person: exactly N, ranked in
 * the order in which its one writer meets the buyers, with no help from Redis.
 */
@Aggregate(type = "Campaign")
class Campaign implements MemorySized {

    private static final int NAME_LENGTH_MAX = 200;
    private static final int QUANTITY_MAX = 10_000_000;
    private static final int COUPONS_PER_BUYER_MAX = 100;

    /** In a snapshot; a damaged length must not ask for all of the memory. */
    private static final int LAUNCH_BYTES_MAX = 1 << 16;

    @AggregateIdentifier
    @Nullable
    String id;

    private @Nullable CampaignLaunched launched;
    private boolean closed;
    private int issued;
    private CouponTable coupons = new CouponTable();

    protected Campaign() {
        // For Axon, which replays the events.
    }

    Campaign(CampaignId id) {
        this.id = id.toString();
    }

    CampaignLaunched launch(LaunchCampaign command, Instant now) {
        RefusedException.require(
                Texts.isText(command.name(), NAME_LENGTH_MAX),
                RefusalCode.INVALID_REQUEST,
                "A name has 1 to " + NAME_LENGTH_MAX + " characters");
        RefusedException.require(
                command.quantity() >= 1 && command.quantity() <= QUANTITY_MAX,
                RefusalCode.INVALID_REQUEST,
                "quantity is 1 to " + QUANTITY_MAX);
        RefusedException.require(
                command.maxCouponsPerBuyer() >= 1 && command.maxCouponsPerBuyer() <= COUPONS_PER_BUYER_MAX,
                RefusalCode.INVALID_REQUEST,
                "maxCouponsPerBuyer is 1 to " + COUPONS_PER_BUYER_MAX);
        RefusedException.require(
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
            RefusedException.require(
                    launched.equals(fact),
                    RefusalCode.IDEMPOTENCY_KEY_REUSED,
                    "This key launched another campaign before");
            return launched;
        }
        RefusedException.require(
                now.isBefore(command.closesAt()), RefusalCode.INVALID_WINDOW, "The window is already over");
        apply(fact);
        return fact;
    }

    CouponIssued issue(CouponId coupon, BuyerId buyer, Instant now) {
        CampaignLaunched campaign = required();
        int earlier = coupons.find(coupon);
        if (earlier != CouponTable.ABSENT) {
            return new CouponIssued(
                    campaign.campaignId(),
                    coupon,
                    coupons.buyerOf(earlier),
                    coupons.rankOf(earlier),
                    coupons.issuedAt(earlier));
        }
        RefusedException.require(
                !now.isBefore(campaign.opensAt()), RefusalCode.CAMPAIGN_NOT_OPEN, "Opens at " + campaign.opensAt());
        RefusedException.require(
                !closed && now.isBefore(campaign.closesAt()), RefusalCode.CAMPAIGN_CLOSED, "The campaign is over");
        RefusedException.require(
                coupons.couponsOf(buyer) < campaign.maxCouponsPerBuyer(),
                RefusalCode.ALREADY_ISSUED,
                "One person may have " + campaign.maxCouponsPerBuyer());
        RefusedException.require(issued < campaign.quantity(), RefusalCode.SOLD_OUT, "Every coupon has been issued");
        CouponIssued fact = new CouponIssued(campaign.campaignId(), coupon, buyer, issued + 1, now);
        apply(fact);
        if (fact.rank() == campaign.quantity()) {
            apply(new CampaignExhausted(campaign.campaignId(), campaign.quantity(), now));
        }
        return fact;
    }

    CouponTerms quote(CouponId coupon, BuyerId buyer) {
        CampaignLaunched campaign = required();
        int row = requireOwner(coupon, buyer);
        RefusedException.require(
                coupons.redemptionOf(row) == null, RefusalCode.COUPON_REDEEMED, "The coupon was redeemed before");
        return new CouponTerms(campaign.campaignId(), coupon, campaign.discount());
    }

    CouponRedeemed redeem(RedeemCoupon command, Instant now) {
        required();
        int coupon = requireOwner(command.couponId(), command.buyerId());
        RefusedException.require(
                !coupons.isRestoredBy(command.paymentId()),
                RefusalCode.PAYMENT_STATE_CONFLICT,
                "This payment gave the coupon back");
        Redemption earlier = coupons.redemptionOf(coupon);
        if (earlier != null) {
            RefusedException.require(
                    earlier.paymentId().equals(command.paymentId()),
                    RefusalCode.COUPON_REDEEMED,
                    "The coupon was redeemed before");
            return redeemed(command, earlier.reservationId(), earlier.redeemedAt());
        }
        CouponRedeemed fact = redeemed(command, command.reservationId(), now);
        apply(fact);
        return fact;
    }

    void restore(CouponId couponId, PaymentId payment, Instant now) {
        CampaignLaunched campaign = required();
        int coupon = coupons.find(couponId);
        RefusedException.require(coupon != CouponTable.ABSENT, RefusalCode.COUPON_NOT_FOUND, "There is no such coupon");
        Redemption use = coupons.redemptionOf(coupon);
        if (use != null && use.paymentId().equals(payment)) {
            apply(new CouponRestored(
                    campaign.campaignId(), couponId, coupons.buyerOf(coupon), use.reservationId(), payment, now));
        }
    }

    /** The row of the coupon. */
    private int requireOwner(CouponId couponId, BuyerId buyer) {
        int coupon = coupons.find(couponId);
        RefusedException.require(
                coupon != CouponTable.ABSENT && coupons.belongsTo(coupon, buyer),
                RefusalCode.COUPON_NOT_FOUND,
                "You have no such coupon");
        return coupon;
    }

    private static CouponRedeemed redeemed(RedeemCoupon command, ReservationId reservation, Instant at) {
        return new CouponRedeemed(
                command.campaignId(), command.couponId(), command.buyerId(), reservation, command.paymentId(), at);
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
                coupons.add(fact.couponId(), fact.buyerId(), fact.rank(), fact.issuedAt());
            }
            case CouponRedeemed fact ->
                coupons.redeem(
                        coupons.find(fact.couponId()),
                        new Redemption(fact.reservationId(), fact.paymentId(), fact.redeemedAt()));
            case CouponRestored fact -> coupons.restore(coupons.find(fact.couponId()), fact.paymentId());
            case CampaignExhausted fact -> issued = fact.quantity();
            case CampaignClosed fact -> closed = true;
        }
    }

    void write(DataOutput out) throws IOException {
        byte[] launch = EventJson.mapper().writeValueAsBytes(launched);
        out.writeInt(launch.length);
        out.write(launch);
        out.writeBoolean(closed);
        out.writeInt(issued);
        coupons.write(out);
    }

    static Campaign read(DataInput in) throws IOException {
        Campaign campaign = new Campaign();
        int bytes = in.readInt();
        if (bytes < 0 || bytes > LAUNCH_BYTES_MAX) {
            throw new IOException("A launch does not have " + bytes + " bytes");
        }
        byte[] launch = new byte[bytes];
        in.readFully(launch);
        CampaignLaunched launched = EventJson.mapper().readValue(launch, CampaignLaunched.class);
        campaign.on(launched);
        campaign.closed = in.readBoolean();
        campaign.issued = in.readInt();
        campaign.coupons = CouponTable.read(in);
        return campaign;
    }

    @Override
    public long memoryBytes() {
        return coupons.memoryBytes();
    }

    private CampaignLaunched required() {
        if (launched == null) {
            throw new RefusedException(RefusalCode.CAMPAIGN_NOT_FOUND, "There is no such campaign");
        }
        return launched;
    }
}
