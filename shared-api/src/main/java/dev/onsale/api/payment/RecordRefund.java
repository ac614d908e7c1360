package dev.onsale.api.payment;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;

/**
 * Records that the captured amount was given back. A repeat changes nothing. Refused with
 * {@code PAYMENT_NOT_FOUND}, {@code PAYMENT_STATE_CONFLICT} if the payment is in a state that rules it out.
 *
 * @param paymentId which payment
 */
public record RecordRefund(PaymentId paymentId) implements OnsaleCommand {
    @Override
    public String routingKey() {
        return paymentId.toString();
    }
}
