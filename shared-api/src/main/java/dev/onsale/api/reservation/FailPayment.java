package dev.onsale.api.reservation;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;

/**
 * Tells a reservation that its payment took no money. A repeat, or one that comes after the end of the reservation, changes
 * nothing. Refused with {@code RESERVATION_NOT_FOUND}.
 *
 * @param reservationId which reservation
 * @param performanceId its performance
 * @param paymentId the failed payment
 * @param reason code of the reason, for the buyer
 */
public record FailPayment(ReservationId reservationId, PerformanceId performanceId, PaymentId paymentId, String reason)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
