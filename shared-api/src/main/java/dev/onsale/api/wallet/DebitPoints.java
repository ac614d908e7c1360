package dev.onsale.api.wallet;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;

/**
 * Takes points for a payment, once. A repeat for the same payment changes nothing. Refused with {@code INSUFFICIENT_POINTS}, and with
 * {@code PAYMENT_STATE_CONFLICT} if the payment's points were given back before.
 *
 * @param buyerId whose wallet
 * @param paymentId for which payment
 * @param reservationId what it pays for
 * @param amount how much
 */
public record DebitPoints(BuyerId buyerId, PaymentId paymentId, ReservationId reservationId, Money amount)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return buyerId.toString();
    }
}
