package dev.onsale.api.performance;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PerformanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Puts a performance on sale. Refused with {@code INVALID_WINDOW}, {@code UNKNOWN_PRICE_ZONE}, {@code INVALID_REQUEST};
 * a repeat with the same id and content is answered like the first.
 *
 * @param performanceId the new performance
 * @param title name of the performance, 1 to 200 characters
 * @param startsAt when the curtain rises
 * @param seatingPlan the hall, 1 to {@value SeatingPlan#SEATS_MAX} seats
 * @param priceZones one price for every category whose seats are for sale, all in one currency
 * @param saleOpensAt first instant at which seats can be held
 * @param saleClosesAt first instant at which they no longer can; after {@code saleOpensAt}
 * @param maxSeatsPerBuyer seats one person may hold and own together, 1 to 50
 * @param holdDuration how long a hold lasts, 1 s to 1 h
 * @param waitingRoom whether only visitors admitted by the waiting room may hold seats
 */
public record SchedulePerformance(
        PerformanceId performanceId,
        String title,
        Instant startsAt,
        SeatingPlan seatingPlan,
        List<PriceZone> priceZones,
        Instant saleOpensAt,
        Instant saleClosesAt,
        int maxSeatsPerBuyer,
        Duration holdDuration,
        boolean waitingRoom)
        implements OnsaleCommand {

    public SchedulePerformance {
        priceZones = List.copyOf(priceZones);
    }

    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
