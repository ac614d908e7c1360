package dev.onsale.query.coupon;

import dev.onsale.api.CouponId;
import dev.onsale.api.coupon.CampaignClosed;
import dev.onsale.api.coupon.CampaignExhausted;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.coupon.CouponRestored;
import dev.onsale.query.consumption.ConsumptionOutcomes;
import dev.onsale.query.consumption.Fact;
import dev.onsale.query.consumption.FactOutOfPlaceException;
import dev.onsale.query.consumption.Facts;
import dev.onsale.query.consumption.Projection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/** Folds the facts of campaigns into rows of campaigns and coupons. */
@Component
class CouponProjection implements Projection {

    private final JdbcOperations jdbc;
    private final CampaignRepository campaigns;
    private final CouponRepository coupons;

    CouponProjection(JdbcOperations jdbc, CampaignRepository campaigns, CouponRepository coupons) {
        this.jdbc = jdbc;
        this.campaigns = campaigns;
        this.coupons = coupons;
    }

    @Override
    public void apply(Facts facts, ConsumptionOutcomes outcomes) {
        List<Fact<CouponEvent>> batch = facts.of(CouponEvent.class);
        if (batch.isEmpty()) {
            return;
        }
        Map<String, CampaignRow> changedCampaigns = new LinkedHashMap<>();
        Map<String, CouponRow> changedCoupons = new LinkedHashMap<>();
        Fold fold = new Fold(campaigns(batch), coupons(batch), changedCampaigns, changedCoupons, outcomes);
        batch.forEach(fold::take);
        CouponRow.UPSERT.write(jdbc, changedCoupons.values());
        CampaignRow.UPSERT.write(jdbc, changedCampaigns.values());
    }

    private Map<String, CampaignRow> campaigns(List<Fact<CouponEvent>> batch) {
        Map<String, CampaignRow> rows = new HashMap<>();
        campaigns
                .findAllById(batch.stream()
                        .map(fact -> fact.event().campaignId().toString())
                        .collect(Collectors.toSet()))
                .forEach(row -> rows.put(row.campaignId(), row));
        return rows;
    }

    private Map<String, CouponRow> coupons(List<Fact<CouponEvent>> batch) {
        Map<String, CouponRow> rows = new HashMap<>();
        List<String> ids = batch.stream()
                .map(fact -> couponOf(fact.event()))
                .filter(id -> id != null)
                .map(CouponId::toString)
                .distinct()
                .toList();
        coupons.findAllById(ids).forEach(row -> rows.put(row.couponId(), row));
        return rows;
    }

    static @Nullable CouponId couponOf(CouponEvent event) {
        return switch (event) {
            case CouponIssued issued -> issued.couponId();
            case CouponRedeemed redeemed -> redeemed.couponId();
            case CouponRestored restored -> restored.couponId();
            case CampaignLaunched launched -> null;
            case CampaignExhausted exhausted -> null;
            case CampaignClosed closed -> null;
        };
    }

    static final class Fold {

        private final Map<String, CampaignRow> campaigns;
        private final Map<String, CouponRow> coupons;
        private final ConsumptionOutcomes outcomes;
        private final Map<String, CampaignRow> changedCampaigns;
        private final Map<String, CouponRow> changedCoupons;

        Fold(
                Map<String, CampaignRow> campaigns,
                Map<String, CouponRow> coupons,
                Map<String, CampaignRow> changedCampaigns,
                Map<String, CouponRow> changedCoupons,
                ConsumptionOutcomes outcomes) {
            this.campaigns = campaigns;
            this.coupons = coupons;
            this.changedCampaigns = changedCampaigns;
            this.changedCoupons = changedCoupons;
            this.outcomes = outcomes;
        }

        void take(Fact<CouponEvent> fact) {
            String id = fact.event().campaignId().toString();
            if (fact.event() instanceof CampaignLaunched launched) {
                campaigns.computeIfAbsent(id, unknown -> new CampaignRow(launched));
            }
            CampaignRow campaign = campaigns.get(id);
            if (campaign == null) {
                throw new FactOutOfPlaceException(fact, "campaign");
            }
            boolean newToCampaign = campaign.follows(fact, outcomes);
            CouponId coupon = couponOf(fact.event());
            if (coupon == null ? newToCampaign : takes(fact, coupon)) {
                campaign.become(fact.event());
                changedCampaigns.put(id, campaign);
                outcomes.applied(fact);
            } else {
                outcomes.skipped(fact);
            }
        }

        private boolean takes(Fact<CouponEvent> fact, CouponId couponId) {
            String id = couponId.toString();
            if (fact.event() instanceof CouponIssued issued) {
                coupons.computeIfAbsent(id, unknown -> new CouponRow(issued, fact.position()));
            }
            CouponRow coupon = coupons.get(id);
            if (coupon == null) {
                throw new FactOutOfPlaceException(fact, "coupon");
            }
            if (!coupon.moveTo(fact.position())) {
                return false;
            }
            coupon.become(fact.event());
            changedCoupons.put(id, coupon);
            return true;
        }
    }
}
