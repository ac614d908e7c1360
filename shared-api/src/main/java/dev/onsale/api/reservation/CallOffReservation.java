package dev.onsale.api.reservation;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;

/**
 * Ends a reservation of a show that was called off: a hold is released with {@link ReservationCancelled}, a booking revoked with
 * {@link BookingRevoked}. Answered with the fact that ended it. Answered with {@link ReservationHeld} if it had ended before, with nothing
 * to give back. A repeat gets the first answer. Refused with {@code RESERVATION_NOT_FOUND}, and {@code PERFORMANCE_STATE_CONFLICT} if the
 * show was not called off.
 *
 * @param reservationId which reservation
 * @param performanceId its performance
 */
public record CallOffReservation(ReservationId reservationId, PerformanceId performanceId) implements OnsaleCommand {

    /** The reason in the facts that follow from it. */
    public static final String REASON = "PERFORMANCE_CALLED_OFF";

    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
