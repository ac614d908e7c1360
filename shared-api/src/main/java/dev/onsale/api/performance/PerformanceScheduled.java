package dev.onsale.api.performance;

import dev.onsale.api.LogicalType;
import dev.onsale.api.PerformanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A performance was put on sale; the fields are those of {@link SchedulePerformance}.
 *
 * @param holdingEndsAt absent in facts that were written before there were {@link LatestInstants}, as the next two
 */
@LogicalType("onsale.performance-scheduled")
public record PerformanceScheduled(
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
        Instant scheduledAt,
        @Nullable Instant holdingEndsAt,
        @Nullable Instant sellingEndsAt,
        @Nullable Instant cancellableUntil)
        implements PerformanceEvent {

    public PerformanceScheduled {
        priceZones = List.copyOf(priceZones);
    }

    /** With the start of the show as each of the {@link LatestInstants}. */
    public PerformanceScheduled(
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
            Instant scheduledAt) {
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
                scheduledAt,
                null,
                null,
                null);
    }

    public LatestInstants latestInstants() {
        return LatestInstants.of(startsAt, holdingEndsAt, sellingEndsAt, cancellableUntil);
    }

    /** The first instant at which no seat can be held any more: the end of the sale window or of holding, whichever is first. */
    public Instant holdableUntil() {
        Instant holdingEnd = latestInstants().holdingEndsAt();
        return holdingEnd.isBefore(saleClosesAt) ? holdingEnd : saleClosesAt;
    }
}
