package dev.onsale.api.performance;

import dev.onsale.api.LogicalType;
import dev.onsale.api.PerformanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A performance was put on sale; the fields are those of {@link SchedulePerformance}. */
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
        Instant scheduledAt)
        implements PerformanceEvent {

    public PerformanceScheduled {
        priceZones = List.copyOf(priceZones);
    }
}
