package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;

/**
 * Gives a held or booked reservation back. Answered with {@link ReservationCancelled}, the same for a repeat. Refused with
 * {@code RESERVATION_NOT_FOUND} (also for somebody else's), {@code HOLD_EXPIRED}.
 *
 * @param reservationId which reservation
 * @param performanceId its performance
 * @param buyerId who cancels
 */
public record CancelReservation(ReservationId reservationId, PerformanceId performanceId, BuyerId buyerId)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
