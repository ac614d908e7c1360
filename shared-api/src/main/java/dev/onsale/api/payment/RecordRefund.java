package dev.onsale.api.payment;

import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import org.jspecify.annotations.Nullable;

/**
 * Records that the captured amount was given back. A repeat changes nothing. Refused with
 * {@code PAYMENT_NOT_FOUND}, {@code PAYMENT_STATE_CONFLICT} if the payment is in a state that rules it out.
 *
 * @param paymentId which payment
 * @param amount what was given back now; absent for all that is left of the captured amount
 */
public record RecordRefund(PaymentId paymentId, @Nullable Money amount) implements OnsaleCommand {

    /** Of all that is left. */
    public RecordRefund(PaymentId paymentId) {
        this(paymentId, null);
    }

    @Override
    public String routingKey() {
        return paymentId.toString();
    }
}
