package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.payment.PaymentMethod;

/**
 * Asks to pay for a held reservation. Answered with {@link PaymentRequested}. Refused with {@code RESERVATION_NOT_FOUND} (also for
 * somebody else's), {@code HOLD_EXPIRED}, {@code PAYMENT_IN_FLIGHT}, {@code ALREADY_CONFIRMED}, {@code ALREADY_CANCELLED}.
 *
 * @param reservationId which reservation
 * @param performanceId its performance
 * @param buyerId who pays
 * @param paymentId the new payment
 * @param method how
 */
public record RequestPayment(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        PaymentId paymentId,
        PaymentMethod method)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
