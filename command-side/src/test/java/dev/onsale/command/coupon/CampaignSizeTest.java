package dev.onsale.command.coupon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.coupon.CouponIssued;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CampaignSizeTest {

    private static final CampaignId CAMPAIGN = new CampaignId(new UUID(0x7000, 1));
    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");

    @Test
    void the_estimate_grows_with_the_coupons_by_what_a_coupon_takes() {
        Campaign campaign = new Campaign(CAMPAIGN);
        long empty = campaign.memoryBytes();
        int coupons = 300_000;
        for (int rank = 1; rank <= coupons; rank++) {
            campaign.on(new CouponIssued(
                    CAMPAIGN, new CouponId(new UUID(7, rank)), BuyerId.of("buyer-of-coupon-" + rank), rank, NOON));
        }

        assertThat(empty).isLessThan(10_000);
        assertThat(campaign.memoryBytes()).isBetween(50L * coupons, 200L * coupons);
    }
}
