package dev.onsale.rehearsal;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.SeatLabel;
import java.util.List;

/**
 * The performance and the campaign of one rehearsal. Each rehearsal creates its own, so that several can use one
 * server.
 *
 * @param operator bearer token of the operator
 * @param logStart log position before the first event of the sale
 * @param best the seats that the buyers want
 * @param buyers buyers of seats
 * @param people people who request a coupon
 */
record Sale(
        String operator,
        long logStart,
        PerformanceId performance,
        CampaignId campaign,
        List<SeatLabel> best,
        List<BuyerId> buyers,
        List<BuyerId> people) {}
