package dev.onsale.command.coupon;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.OperatorFact;
import dev.onsale.api.PaymentId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.Texts;
import dev.onsale.api.coupon.CampaignClosed;
import dev.onsale.api.coupon.CampaignDiscountChanged;
import dev.onsale.api.coupon.CampaignExhausted;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CampaignQuantityChanged;
import dev.onsale.api.coupon.CampaignTerms;
import dev.onsale.api.coupon.CampaignWindowChanged;
import dev.onsale.api.coupon.ChangeCampaign;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.coupon.CouponRestored;
import dev.onsale.api.coupon.CouponRevoked;
import dev.onsale.api.coupon.CouponTerms;
import dev.onsale.api.coupon.LaunchCampaign;
import dev.onsale.api.coupon.RedeemCoupon;
import dev.onsale.api.coupon.RevokeCoupon;
import dev.onsale.command.bus.MemorySized;
import dev.onsale.command.change.RecentChanges;
import dev.onsale.command.coupon.RedemptionTable.Redemption;
import dev.onsale.eventlog.EventJson;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
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
    static final int QUANTITY_MAX = 10_000_000;
    private static final int COUPONS_PER_BUYER_MAX = 100;

    /** An identifier with its place in the set. */
    private static final int REVOKED_BYTES = 100;

    /** In a snapshot; a damaged length must not ask for all of the memory. */
    private static final int TERMS_BYTES_MAX = 1 << 20;

    @AggregateIdentifier
    @Nullable
    String id;

    private @Nullable CampaignLaunched launched;
    private @Nullable CampaignTerms terms;
    private final RecentChanges changes = new RecentChanges();
    private final Set<CouponId> revoked = new LinkedHashSet<>();
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
        requireNotRevoked(coupon);
        RefusedException.require(
                coupons.redemptionOf(row) == null, RefusalCode.COUPON_REDEEMED, "The coupon was redeemed before");
        return new CouponTerms(campaign.campaignId(), coupon, requiredTerms().discountOf(coupons.rankOf(row)));
    }

    private void requireNotRevoked(CouponId coupon) {
        RefusedException.require(
                !revoked.contains(coupon), RefusalCode.COUPON_REVOKED, "The coupon was revoked by an operator");
    }

    CampaignTerms change(ChangeCampaign command, Instant now) {
        CampaignTerms before = requiredTerms();
        RefusedException.require(
                !closed && now.isBefore(before.current().closesAt()),
                RefusalCode.CAMPAIGN_CLOSED,
                "The campaign is over");
        List<CouponEvent> facts = CampaignChanges.decide(before, issued, command.change(), command.by(), now);
        if (!facts.isEmpty()) {
            changes.requireNewest(command.basedOn(), before.revision());
            facts.forEach(fact -> apply(fact));
        }
        return requiredTerms();
    }

    void revoke(RevokeCoupon command, Instant now) {
        required();
        int coupon = coupons.find(command.couponId());
        RefusedException.require(coupon != CouponTable.ABSENT, RefusalCode.COUPON_NOT_FOUND, "There is no such coupon");
        if (revoked.contains(command.couponId())) {
            return;
        }
        RefusedException.require(
                coupons.redemptionOf(coupon) == null, RefusalCode.COUPON_REDEEMED, "The coupon is in use");
        apply(new CouponRevoked(
                command.campaignId(),
                command.couponId(),
                coupons.buyerOf(coupon),
                command.by().operator(),
                Objects.requireNonNull(command.by().reason(), "a revocation has a reason"),
                now));
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
        requireNotRevoked(command.couponId());
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
            case CampaignLaunched fact -> {
                launched = fact;
                terms = CampaignTerms.of(fact);
            }
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
            case CampaignQuantityChanged fact -> changed(fact, fact);
            case CampaignWindowChanged fact -> changed(fact, fact);
            case CampaignDiscountChanged fact -> changed(fact, fact);
            case CouponRevoked fact -> revoked.add(fact.couponId());
        }
    }

    private void changed(CouponEvent event, OperatorFact fact) {
        terms = requiredTerms().after(event);
        changes.add(terms.revision(), fact);
    }

    void write(DataOutput out) throws IOException {
        write(out, EventJson.mapper().writeValueAsBytes(launched));
        write(out, EventJson.mapper().writeValueAsBytes(terms));
        out.writeInt(revoked.size());
        for (CouponId coupon : revoked) {
            out.writeLong(coupon.value().getMostSignificantBits());
            out.writeLong(coupon.value().getLeastSignificantBits());
        }
        out.writeBoolean(closed);
        out.writeInt(issued);
        coupons.write(out);
    }

    private static void write(DataOutput out, byte[] json) throws IOException {
        out.writeInt(json.length);
        out.write(json);
    }

    static Campaign read(DataInput in) throws IOException {
        Campaign campaign = new Campaign();
        campaign.on(EventJson.mapper().readValue(bytes(in), CampaignLaunched.class));
        campaign.terms = EventJson.mapper().readValue(bytes(in), CampaignTerms.class);
        int revocations = in.readInt();
        for (int index = 0; index < revocations; index++) {
            campaign.revoked.add(new CouponId(new UUID(in.readLong(), in.readLong())));
        }
        campaign.closed = in.readBoolean();
        campaign.issued = in.readInt();
        campaign.coupons = CouponTable.read(in);
        return campaign;
    }

    private static byte[] bytes(DataInput in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > TERMS_BYTES_MAX) {
            throw new IOException("Terms do not have " + length + " bytes");
        }
        byte[] json = new byte[length];
        in.readFully(json);
        return json;
    }

    @Override
    public long memoryBytes() {
        return coupons.memoryBytes() + (long) REVOKED_BYTES * revoked.size();
    }

    /** The terms now, as if the campaign had been launched so. */
    private CampaignLaunched required() {
        return requiredTerms().current();
    }

    private CampaignTerms requiredTerms() {
        if (terms == null) {
            throw new RefusedException(RefusalCode.CAMPAIGN_NOT_FOUND, "There is no such campaign");
        }
        return terms;
    }
}
