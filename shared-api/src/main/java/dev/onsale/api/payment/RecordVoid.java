package dev.onsale.api.payment;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;

/**
 * Records that the authorisation was given up. A repeat changes nothing. Refused with
 * {@code PAYMENT_NOT_FOUND}, {@code PAYMENT_STATE_CONFLICT} if the payment is in a state that rules it out.
 *
 * @param paymentId which payment
 * @param reason why, as a code
 */
public record RecordVoid(PaymentId paymentId, String reason) implements OnsaleCommand {
    @Override
    public String routingKey() {
        return paymentId.toString();
    }
}
