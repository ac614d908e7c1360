package dev.onsale.api.payment;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import dev.onsale.api.personal.SealedText;

/**
 * Records that the bank asks the buyer to authenticate. A repeat for the same reference changes nothing.
 *
 * @param gatewayReference the gateway's name for the payment
 * @param clientSecret what the buyer authenticates with, sealed for the buyer
 */
public record RecordActionRequired(PaymentId paymentId, String gatewayReference, SealedText clientSecret)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return paymentId.toString();
    }
}
