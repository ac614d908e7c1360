package dev.onsale.api.seat;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.OperatorAction;
import dev.onsale.api.PerformanceId;

/**
 * Puts blocked seats on sale again, all of them or none. Seats that are not blocked stay as they are. Answered with
 * {@link dev.onsale.api.performance.SeatsUnblocked}, whose list is empty if nothing changed. Refused with {@code PERFORMANCE_NOT_FOUND},
 * {@code SALE_OVER}, {@code UNKNOWN_SEAT}, {@code DUPLICATE_SEAT}, {@code TOO_MANY_SEATS}, {@code SEAT_NOT_FOR_SALE}.
 */
public record UnblockSeats(PerformanceId performanceId, SeatSelection selection, OperatorAction by)
        implements OnsaleCommand {

    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
