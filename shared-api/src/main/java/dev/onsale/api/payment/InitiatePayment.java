package dev.onsale.api.payment;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;

/**
 * Opens a payment. Answered with its {@link dev.onsale.api.view.PaymentStatus}: a repeat with the same id and content changes nothing
 * and tells what has become of it.
 *
 * @param paymentId the new payment
 * @param reservationId what is paid for
 * @param performanceId its performance
 * @param buyerId who pays
 * @param amount how much
 * @param method how
 */
public record InitiatePayment(
        PaymentId paymentId,
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        Money amount,
        PaymentMethod method)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return paymentId.toString();
    }
}
