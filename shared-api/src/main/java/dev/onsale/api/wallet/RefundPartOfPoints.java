package dev.onsale.api.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;

/**
 * Gives some points of a payment back, once for each part. A repeat, or one for a payment that took none, changes nothing. Refused with
 * {@code PAYMENT_STATE_CONFLICT} if so many are not left of the payment.
 *
 * @param buyerId whose wallet
 * @param paymentId the payment that took them
 * @param part number of the part cancellation, from 1
 * @param amount how many
 */
public record RefundPartOfPoints(BuyerId buyerId, PaymentId paymentId, int part, Money amount)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return buyerId.toString();
    }
}
