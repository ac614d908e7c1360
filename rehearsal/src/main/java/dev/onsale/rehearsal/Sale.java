package dev.onsale.rehearsal;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.SeatLabel;
import java.util.List;

/**
 * What one rehearsal sells: its own performance and campaign, so that rehearsals on one server do not meet.
 *
 * @param operator bearer token of its operator
 * @param logStart position of the log before the first fact of the sale
 * @param best the seats everybody wants
 * @param buyers who want a seat
 * @param people who want a coupon
 */
record Sale(
        String operator,
        long logStart,
        PerformanceId performance,
        CampaignId campaign,
        List<SeatLabel> best,
        List<BuyerId> buyers,
        List<BuyerId> people) {}
