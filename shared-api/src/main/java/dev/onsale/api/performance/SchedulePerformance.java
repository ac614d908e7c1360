package dev.onsale.api.performance;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PerformanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
 * @param holdingEndsAt see {@link LatestInstants}; absent for its default, as the next two
 * @param sellingEndsAt see {@link LatestInstants}
 * @param cancellableUntil see {@link LatestInstants}
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
        boolean waitingRoom,
        @Nullable Instant holdingEndsAt,
        @Nullable Instant sellingEndsAt,
        @Nullable Instant cancellableUntil)
        implements OnsaleCommand {

    public SchedulePerformance {
        priceZones = List.copyOf(priceZones);
    }

    /** With the start of the show as each of the {@link LatestInstants}. */
    public SchedulePerformance(
            PerformanceId performanceId,
            String title,
            Instant startsAt,
            SeatingPlan seatingPlan,
            List<PriceZone> priceZones,
            Instant saleOpensAt,
            Instant saleClosesAt,
            int maxSeatsPerBuyer,
            Duration holdDuration,
            boolean waitingRoom) {
        this(
                performanceId,
                title,
                startsAt,
                seatingPlan,
                priceZones,
                saleOpensAt,
                saleClosesAt,
                maxSeatsPerBuyer,
                holdDuration,
                waitingRoom,
                null,
                null,
                null);
    }

    public LatestInstants latestInstants() {
        return LatestInstants.of(startsAt, holdingEndsAt, sellingEndsAt, cancellableUntil);
    }

    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
