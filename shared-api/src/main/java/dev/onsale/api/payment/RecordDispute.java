package dev.onsale.api.payment;

import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;

/** Records how a dispute about a payment stands. A repeat of the same status changes nothing. */
public record RecordDispute(PaymentId paymentId, String disputeReference, Money amount, String status, String reason)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return paymentId.toString();
    }
}
