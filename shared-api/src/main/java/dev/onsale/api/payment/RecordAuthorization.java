package dev.onsale.api.payment;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;

/**
 * Records that the gateway reserved the amount. A repeat changes nothing. Refused with
 * {@code PAYMENT_NOT_FOUND}, {@code PAYMENT_STATE_CONFLICT} if the payment is in a state that rules it out.
 *
 * @param paymentId which payment
 * @param gatewayReference the gateway's name for it
 */
public record RecordAuthorization(PaymentId paymentId, String gatewayReference) implements OnsaleCommand {
    @Override
    public String routingKey() {
        return paymentId.toString();
    }
}
