package dev.onsale.query.coupon;

import dev.onsale.api.BuyerId;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.coupon.CouponRestored;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.query.past.HistoricalLog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;

/**
 * Coupons with every fact that is stored. The rows follow the log through Kafka and may be behind it: coupons that have no row
 * yet, and uses that a row has not seen yet, are read from the log.
 */
@Component
class CurrentCoupons {

    private static final String CAMPAIGN = "Campaign";

    /** The newest uses of a buyer's coupons that are looked at; older ones are in the rows. */
    private static final int USES_MAX = 1_000;

    private final CouponRepository coupons;
    private final CampaignRepository campaigns;
    private final HistoricalLog log;

    CurrentCoupons(CouponRepository coupons, CampaignRepository campaigns, HistoricalLog log) {
        this.coupons = coupons;
        this.campaigns = campaigns;
        this.log = log;
    }

    /** A page of the buyer's coupons, the newest first. */
    List<OwnedCoupon> newestOf(BuyerId buyer, long before, Limit fetch) {
        Map<String, OwnedCoupon> page = new HashMap<>();
        coupons.findNewestOf(buyer.toString(), before, fetch)
                .forEach(owned -> page.put(owned.coupon().couponId(), owned));
        addWithoutRow(page, log.newestOfBuyer(buyer, List.of(CouponIssued.class), before, fetch.max()));
        log.newestOfBuyer(buyer, List.of(CouponRedeemed.class, CouponRestored.class), Long.MAX_VALUE, USES_MAX)
                .reversed()
                .forEach(use -> use(page, use));
        return page.values().stream()
                .sorted(Comparator.comparingLong(
                                (OwnedCoupon owned) -> owned.coupon().firstPosition())
                        .reversed())
                .limit(fetch.max())
                .toList();
    }

    private void addWithoutRow(Map<String, OwnedCoupon> page, List<StoredEvent> issued) {
        List<CouponRow> missing = new ArrayList<>();
        for (StoredEvent event : issued) {
            CouponRow row = new CouponRow(log.fact(event, CouponIssued.class), event.position());
            if (!page.containsKey(row.couponId())) {
                missing.add(row);
            }
        }
        Map<String, CampaignRow> known =
                campaigns(missing.stream().map(CouponRow::campaignId).collect(Collectors.toSet()));
        missing.forEach(row -> {
            CampaignRow campaign = known.get(row.campaignId());
            if (campaign != null) {
                page.put(row.couponId(), new OwnedCoupon(row, campaign));
            }
        });
    }

    /** Campaigns by identifier; one that is newer than the read models has no counters. */
    private Map<String, CampaignRow> campaigns(Collection<String> ids) {
        Map<String, CampaignRow> known = new HashMap<>();
        if (!ids.isEmpty()) {
            campaigns.findByCampaignIdIn(ids).forEach(row -> known.put(row.campaignId(), row));
        }
        for (String id : ids) {
            if (!known.containsKey(id)) {
                log.first(id, CAMPAIGN)
                        .ifPresent(first -> known.put(id, new CampaignRow(log.fact(first, CampaignLaunched.class))));
            }
        }
        return known;
    }

    private void use(Map<String, OwnedCoupon> page, StoredEvent event) {
        CouponEvent use = log.fact(event, CouponEvent.class);
        OwnedCoupon owned = page.get(String.valueOf(CouponReadModel.couponOf(use)));
        if (owned != null && owned.coupon().moveTo(event.position())) {
            owned.coupon().become(use);
        }
    }
}
