package dev.onsale.api.reservation;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;

/**
 * Takes a booking back whose money the gateway refuses to hand over. Does nothing if the reservation is not booked by this payment
 * any more. Refused with {@code RESERVATION_NOT_FOUND}.
 *
 * @param reservationId which reservation
 * @param performanceId its performance
 * @param paymentId the payment that cannot be captured
 * @param reason the gateway's code
 */
public record RevokeBooking(
        ReservationId reservationId, PerformanceId performanceId, PaymentId paymentId, String reason)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
