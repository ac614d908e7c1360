package dev.onsale.query.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.coupon.CampaignClosed;
import dev.onsale.api.coupon.CampaignDiscountChanged;
import dev.onsale.api.coupon.CampaignExhausted;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CampaignQuantityChanged;
import dev.onsale.api.coupon.CampaignTerms;
import dev.onsale.api.coupon.CampaignTerms.RankedDiscount;
import dev.onsale.api.coupon.CampaignWindowChanged;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.coupon.CouponRestored;
import dev.onsale.api.coupon.CouponRevoked;
import dev.onsale.api.coupon.Discount;
import dev.onsale.api.view.CampaignStatus;
import dev.onsale.api.view.CampaignView;
import dev.onsale.query.column.JsonText;
import dev.onsale.query.readmodel.VersionedRow;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import org.hibernate.annotations.Immutable;
import tools.jackson.core.type.TypeReference;

/** One campaign with its counters. */
@Entity
@Immutable
@Table(name = "campaign_view")
class CampaignRow extends VersionedRow {

    @Id
    private String campaignId;

    private String name;

    private int quantity;

    private int issued;

    private int redeemed;

    private int maxCouponsPerBuyer;
    private Instant opensAt;
    private Instant closesAt;

    private boolean closedByOperator;

    @Convert(converter = DiscountJson.class)
    private Discount discount;

    @Convert(converter = DiscountsJson.class)
    private List<RankedDiscount> discounts;

    private int revision;

    @SuppressWarnings("UnusedVariable") // Written by the declaration of the table.
    private long facts;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    protected CampaignRow() {}

    CampaignRow(CampaignLaunched launched) {
        campaignId = launched.campaignId().toString();
        name = launched.name();
        quantity = launched.quantity();
        maxCouponsPerBuyer = launched.maxCouponsPerBuyer();
        opensAt = launched.opensAt();
        closesAt = launched.closesAt();
        discount = launched.discount();
        discounts = CampaignTerms.of(launched).discounts();
    }

    void become(CouponEvent event) {
        facts++;
        switch (event) {
            case CampaignLaunched launched -> {}
            // Ranks run from 1 without holes: the highest is the number issued, whatever is still a dead letter.
            case CouponIssued coupon -> issued = Math.max(issued, coupon.rank());
            case CouponRedeemed coupon -> redeemed++;
            case CouponRestored coupon -> redeemed--;
            case CampaignExhausted exhausted -> issued = Math.max(issued, exhausted.quantity());
            case CampaignClosed closed -> closedByOperator = true;
            case CampaignQuantityChanged change -> {
                quantity = change.quantity();
                revision++;
            }
            case CampaignWindowChanged change -> {
                opensAt = change.opensAt();
                closesAt = change.closesAt();
                revision++;
            }
            case CampaignDiscountChanged change -> {
                discounts = CampaignTerms.with(discounts, change);
                discount = change.discount();
                revision++;
            }
            case CouponRevoked revoked -> {}
        }
    }

    /** Differs whenever the view does, and begins with the revision. */
    String entityTag(Instant now) {
        return "\"" + revision + "-" + statusAt(now) + "-" + issued + "-" + redeemed + "\"";
    }

    private CampaignStatus statusAt(Instant now) {
        if (closedByOperator || !now.isBefore(closesAt)) {
            return CampaignStatus.CLOSED;
        }
        if (issued >= quantity) {
            return CampaignStatus.SOLD_OUT;
        }
        return now.isBefore(opensAt) ? CampaignStatus.NOT_OPEN : CampaignStatus.OPEN;
    }

    CampaignView view(Instant now) {
        return new CampaignView(
                CampaignId.of(campaignId),
                name,
                quantity,
                issued,
                quantity - issued,
                redeemed,
                maxCouponsPerBuyer,
                opensAt,
                closesAt,
                discount,
                statusAt(now),
                revision);
    }

    String campaignId() {
        return campaignId;
    }

    String name() {
        return name;
    }

    /** The discount of the coupon with a rank. */
    Discount discountOf(int rank) {
        return CampaignTerms.discountOf(discounts, rank);
    }

    static final class DiscountsJson extends JsonText<List<RankedDiscount>> {
        DiscountsJson() {
            super(new TypeReference<>() {});
        }
    }

    static final class DiscountJson extends JsonText<Discount> {
        DiscountJson() {
            super(new TypeReference<>() {});
        }
    }
}
