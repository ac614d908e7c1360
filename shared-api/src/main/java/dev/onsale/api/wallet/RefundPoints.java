package dev.onsale.api.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import org.jspecify.annotations.Nullable;

/**
 * Gives the points of a payment back that are left of it, once. A repeat, or one for a payment that took none, changes nothing.
 *
 * @param buyerId whose wallet
 * @param paymentId the payment that took them
 * @param amount how many; absent for all that are left
 */
public record RefundPoints(
        BuyerId buyerId, PaymentId paymentId, @Nullable Money amount) implements OnsaleCommand {

    /** All that are left. */
    public RefundPoints(BuyerId buyerId, PaymentId paymentId) {
        this(buyerId, paymentId, null);
    }

    @Override
    public String routingKey() {
        return buyerId.toString();
    }
}
