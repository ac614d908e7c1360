package dev.onsale.query.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.coupon.CampaignClosed;
import dev.onsale.api.coupon.CampaignExhausted;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.coupon.CouponRestored;
import dev.onsale.api.coupon.Discount;
import dev.onsale.api.view.CampaignStatus;
import dev.onsale.api.view.CampaignView;
import dev.onsale.query.column.InstantText;
import dev.onsale.query.consumption.ConsumptionOutcomes;
import dev.onsale.query.consumption.Fact;
import dev.onsale.query.consumption.GuardedUpsert;
import dev.onsale.query.consumption.VersionedRow;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.hibernate.annotations.Immutable;

/** One campaign with its counters. */
@Entity
@Immutable
@Table(name = "campaign_view")
class CampaignRow extends VersionedRow {

    // Guarded by its own count of facts: a dead letter that is retried later moves a counter, but not the position.
    static final GuardedUpsert<CampaignRow> UPSERT = new GuardedUpsert<>(
            "campaign_view",
            "facts",
            List.of(
                    "campaign_id",
                    "name",
                    "quantity",
                    "issued",
                    "redeemed",
                    "max_coupons_per_buyer",
                    "opens_at",
                    "closes_at",
                    "closed_by_operator",
                    "discount",
                    "aggregate_sequence",
                    "log_position"),
            CampaignRow::values);

    private static final InstantText INSTANT = new InstantText();

    @Id
    @Column(name = "campaign_id")
    private String campaignId;

    @Column(name = "name")
    private String name;

    @Column(name = "quantity")
    private int quantity;

    @Column(name = "issued")
    private int issued;

    @Column(name = "redeemed")
    private int redeemed;

    @Column(name = "max_coupons_per_buyer")
    private int maxCouponsPerBuyer;

    @Column(name = "opens_at")
    @Convert(converter = InstantText.class)
    private Instant opensAt;

    @Column(name = "closes_at")
    @Convert(converter = InstantText.class)
    private Instant closesAt;

    @Column(name = "closed_by_operator")
    private boolean closedByOperator;

    @Column(name = "discount")
    @Convert(converter = DiscountJson.class)
    private Discount discount;

    @Column(name = "facts")
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
    }

    /** For who only looks: no persistence context is needed for that. */
    static CampaignRow of(ResultSet cells) throws SQLException {
        CampaignRow row = new CampaignRow();
        row.campaignId = cells.getString("campaign_id");
        row.name = cells.getString("name");
        row.quantity = cells.getInt("quantity");
        row.issued = cells.getInt("issued");
        row.redeemed = cells.getInt("redeemed");
        row.maxCouponsPerBuyer = cells.getInt("max_coupons_per_buyer");
        row.opensAt = INSTANT.convertToEntityAttribute(cells.getString("opens_at"));
        row.closesAt = INSTANT.convertToEntityAttribute(cells.getString("closes_at"));
        row.closedByOperator = cells.getBoolean("closed_by_operator");
        row.discount = new DiscountJson().convertToEntityAttribute(cells.getString("discount"));
        return row;
    }

    /** Follows the stream without counting: whether a coupon's fact is new is known by the coupon's row. */
    boolean follows(Fact<?> fact, ConsumptionOutcomes outcomes) {
        return moveTo(fact, outcomes);
    }

    void become(CouponEvent event) {
        facts++;
        switch (event) {
            case CampaignLaunched launched -> {}
            // Ranks run from 1 without holes: the highest is the number issued, whatever is still a dead letter.
            case CouponIssued coupon -> issued = Math.max(issued, coupon.rank());
            case CouponRedeemed coupon -> redeemed++;
            case CouponRestored coupon -> redeemed--;
            case CampaignExhausted exhausted -> issued = quantity;
            case CampaignClosed closed -> closedByOperator = true;
        }
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
                statusAt(now));
    }

    String campaignId() {
        return campaignId;
    }

    String name() {
        return name;
    }

    Discount discount() {
        return discount;
    }

    private Object[] values() {
        return new Object[] {
            campaignId,
            name,
            quantity,
            issued,
            redeemed,
            maxCouponsPerBuyer,
            INSTANT.convertToDatabaseColumn(opensAt),
            INSTANT.convertToDatabaseColumn(closesAt),
            closedByOperator,
            new DiscountJson().convertToDatabaseColumn(discount),
            sequence(),
            position(),
            facts
        };
    }
}
