package dev.onsale.query.coupon;

import dev.onsale.api.CouponId;
import dev.onsale.api.coupon.CampaignClosed;
import dev.onsale.api.coupon.CampaignDiscountChanged;
import dev.onsale.api.coupon.CampaignExhausted;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CampaignQuantityChanged;
import dev.onsale.api.coupon.CampaignWindowChanged;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.coupon.CouponRestored;
import dev.onsale.api.coupon.CouponRevoked;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.FactOutOfPlaceException;
import dev.onsale.query.readmodel.Keys;
import dev.onsale.query.readmodel.ReadModel;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.readmodel.Rows;
import dev.onsale.query.readmodel.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Campaigns and their coupons. */
@Component
class CouponReadModel extends ReadModel<CouponEvent> {

    private static final Table<String, CouponRow> COUPONS = Table.of(CouponRow.class, CouponRow::couponId);

    /** Guarded by its own count of facts: a dead letter that is retried later moves a counter, but not the position. */
    private static final Table<String, CampaignRow> CAMPAIGNS =
            Table.of(CampaignRow.class, CampaignRow::campaignId).guardedBy("facts");

    CouponReadModel() {
        super(ReadModelName.COUPONS, List.of(CouponEvent.class), COUPONS, CAMPAIGNS);
    }

    static @Nullable CouponId couponOf(CouponEvent event) {
        return switch (event) {
            case CouponIssued issued -> issued.couponId();
            case CouponRedeemed redeemed -> redeemed.couponId();
            case CouponRestored restored -> restored.couponId();
            case CouponRevoked revoked -> revoked.couponId();
            case CampaignLaunched launched -> null;
            case CampaignQuantityChanged change -> null;
            case CampaignWindowChanged change -> null;
            case CampaignDiscountChanged change -> null;
            case CampaignExhausted exhausted -> null;
            case CampaignClosed closed -> null;
        };
    }

    @Override
    protected void keys(CouponEvent event, Keys keys) {
        keys.add(CAMPAIGNS, event.campaignId().toString());
        CouponId coupon = couponOf(event);
        if (coupon != null) {
            keys.add(COUPONS, coupon.toString());
        }
    }

    @Override
    protected void fold(Fact<CouponEvent> fact, Rows rows) {
        CouponEvent event = fact.event();
        String id = event.campaignId().toString();
        CampaignRow campaign = rows.findOrAdd(
                CAMPAIGNS,
                id,
                unknown -> event instanceof CampaignLaunched launched ? new CampaignRow(launched) : null);
        if (campaign == null) {
            throw new FactOutOfPlaceException(fact, "campaign");
        }
        // Not counted: whether the fact of a coupon is new is known by the row of the coupon.
        boolean newToCampaign = campaign.moveTo(fact, rows.outcomes());
        CouponId coupon = couponOf(event);
        if (coupon == null ? newToCampaign : takes(fact, coupon.toString(), rows)) {
            campaign.become(event);
            rows.changed(CAMPAIGNS, id, campaign);
            rows.outcomes().applied(fact);
        } else {
            rows.outcomes().skipped(fact);
        }
    }

    private static boolean takes(Fact<CouponEvent> fact, String id, Rows rows) {
        CouponRow coupon = rows.findOrAdd(
                COUPONS,
                id,
                unknown -> fact.event() instanceof CouponIssued issued ? new CouponRow(issued, fact.position()) : null);
        if (coupon == null) {
            throw new FactOutOfPlaceException(fact, "coupon");
        }
        if (!coupon.moveTo(fact.position())) {
            return false;
        }
        coupon.become(fact.event());
        rows.changed(COUPONS, id, coupon);
        return true;
    }
}
