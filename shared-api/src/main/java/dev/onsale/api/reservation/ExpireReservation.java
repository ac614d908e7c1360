package dev.onsale.api.reservation;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;

/**
 * Ends a hold whose time is over. Does nothing if the hold still lasts, a payment is in flight, or the reservation has ended.
 * Refused with {@code RESERVATION_NOT_FOUND}.
 *
 * @param reservationId which reservation
 * @param performanceId its performance
 */
public record ExpireReservation(ReservationId reservationId, PerformanceId performanceId) implements OnsaleCommand {
    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
