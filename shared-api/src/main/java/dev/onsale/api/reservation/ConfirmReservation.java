package dev.onsale.api.reservation;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;

/**
 * Books every seat of a reservation whose payment is authorised. Answered with {@link ReservationConfirmed}, or
 * with {@link LatePaymentRejected} if the hold had expired and the seats cannot be given any more. Refused with
 * {@code RESERVATION_NOT_FOUND}, {@code HOLD_EXPIRED}, {@code STALE_FENCING_TOKEN}, {@code ALREADY_CANCELLED},
 * {@code PAYMENT_STATE_CONFLICT} if another payment is the current one. A repeat changes nothing.
 *
 * @param reservationId which reservation
 * @param performanceId its performance
 * @param paymentId the authorised payment
 */
public record ConfirmReservation(ReservationId reservationId, PerformanceId performanceId, PaymentId paymentId)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
