package dev.onsale.api.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;

/**
 * Gives the points of a payment back, once. A repeat, or one for a payment that took none, changes nothing.
 *
 * @param buyerId whose wallet
 * @param paymentId the payment that took them
 */
public record RefundPoints(BuyerId buyerId, PaymentId paymentId) implements OnsaleCommand {
    @Override
    public String routingKey() {
        return buyerId.toString();
    }
}
