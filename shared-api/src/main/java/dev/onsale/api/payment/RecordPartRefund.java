package dev.onsale.api.payment;

import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;

/**
 * Records that a part of the captured amount was given back. A repeat for the same part changes nothing. Refused with
 * {@code PAYMENT_NOT_FOUND}, and {@code PAYMENT_STATE_CONFLICT} if nothing was captured or so much is not left.
 *
 * @param paymentId which payment
 * @param part number of the part cancellation, from 1
 * @param amount what was given back
 */
public record RecordPartRefund(PaymentId paymentId, int part, Money amount) implements OnsaleCommand {
    @Override
    public String routingKey() {
        return paymentId.toString();
    }
}
