package dev.onsale.api.payment;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;

/**
 * Records why a payment has no outcome yet. Changes nothing if it has one, or if the reason is the same as before. Refused with
 * {@code PAYMENT_NOT_FOUND}.
 *
 * @param paymentId which payment
 * @param reason code of the reason, for the buyer
 */
public record RecordDelay(PaymentId paymentId, String reason) implements OnsaleCommand {
    @Override
    public String routingKey() {
        return paymentId.toString();
    }
}
