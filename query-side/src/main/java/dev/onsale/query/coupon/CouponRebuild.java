package dev.onsale.query.coupon;

import dev.onsale.api.CouponId;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.query.consumption.ConsumptionOutcomes;
import dev.onsale.query.consumption.Fact;
import dev.onsale.query.consumption.Facts;
import dev.onsale.query.consumption.GuardedUpsert;
import dev.onsale.query.rebuild.Rebuildable;
import dev.onsale.query.rebuild.RowSink;
import dev.onsale.query.rebuild.RowStore;
import dev.onsale.query.rebuild.ShadowTables;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

@Component
class CouponRebuild implements Rebuildable {

    private static final String CAMPAIGNS = "campaign_view";
    private static final String COUPONS = "coupon_view";

    @Override
    public String name() {
        return "coupons";
    }

    @Override
    public List<ReadTable> tables() {
        return List.of(
                new ReadTable(
                        COUPONS,
                        List.of("coupon_id"),
                        "log_position",
                        List.of("campaign_id", "buyer_id", "issue_rank", "status", "reservation_id")),
                new ReadTable(
                        CAMPAIGNS,
                        List.of("campaign_id"),
                        "log_position",
                        List.of("name", "quantity", "issued", "redeemed", "closed_by_operator")));
    }

    @Override
    public List<Class<? extends OnsaleEvent>> facts() {
        return List.of(CouponEvent.class);
    }

    @Override
    public Folding begin(ShadowTables beside, boolean fromNothing) {
        RowStore<String, CampaignRow> campaigns = new RowStore<>(
                fromNothing,
                ids -> beside.rows(CAMPAIGNS, CampaignRow.class, "campaign_id IN (:ids)", Map.of("ids", ids)).stream()
                        .collect(Collectors.toMap(CampaignRow::campaignId, Function.identity())));
        RowStore<String, CouponRow> coupons = new RowStore<>(
                fromNothing,
                ids -> beside.rows(COUPONS, CouponRow.class, "coupon_id IN (:ids)", Map.of("ids", ids)).stream()
                        .collect(Collectors.toMap(CouponRow::couponId, Function.identity())));
        GuardedUpsert<CampaignRow> campaignUpsert = CampaignRow.UPSERT.into(beside.table(CAMPAIGNS));
        GuardedUpsert<CouponRow> couponUpsert = CouponRow.UPSERT.into(beside.table(COUPONS));
        return new Folding() {
            @Override
            public void take(Facts facts) {
                List<Fact<CouponEvent>> batch = facts.of(CouponEvent.class);
                campaigns.fetch(() -> batch.stream()
                        .map(fact -> fact.event().campaignId().toString())
                        .collect(Collectors.toSet()));
                coupons.fetch(() -> batch.stream()
                        .map(fact -> CouponProjection.couponOf(fact.event()))
                        .filter(Objects::nonNull)
                        .map(CouponId::toString)
                        .collect(Collectors.toSet()));
                CouponProjection.Fold fold = new CouponProjection.Fold(
                        campaigns.rows(),
                        coupons.rows(),
                        campaigns.changed(),
                        coupons.changed(),
                        new ConsumptionOutcomes());
                batch.forEach(fold::take);
            }

            @Override
            public int pending() {
                return coupons.changed().size();
            }

            @Override
            public void flush(RowSink sink) {
                coupons.flush(changed -> sink.write(couponUpsert, changed));
                campaigns.flush(changed -> sink.write(campaignUpsert, changed));
            }
        };
    }
}
