package dev.onsale.api.seat;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.OperatorAction;
import dev.onsale.api.PerformanceId;

/**
 * Takes free seats off sale, all of them or none. Seats that are blocked already stay so. Answered with
 * {@link dev.onsale.api.performance.SeatsBlocked}, whose list is empty if nothing changed. Refused with {@code PERFORMANCE_NOT_FOUND},
 * {@code SALE_OVER}, {@code UNKNOWN_SEAT}, {@code DUPLICATE_SEAT}, {@code TOO_MANY_SEATS}, {@code SEATS_NOT_FREE}.
 */
public record BlockSeats(PerformanceId performanceId, SeatSelection selection, OperatorAction by)
        implements OnsaleCommand {

    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
