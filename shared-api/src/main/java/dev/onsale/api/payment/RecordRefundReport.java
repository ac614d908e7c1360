package dev.onsale.api.payment;

import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PaymentId;
import org.jspecify.annotations.Nullable;

/** Records what the gateway says of one refund. A repeat of the same status changes nothing. Answered with whether it was news. */
public record RecordRefundReport(
        PaymentId paymentId,
        String refundReference,
        Money amount,
        RefundStatus status,
        @Nullable String failureReason) implements OnsaleCommand {
    @Override
    public String routingKey() {
        return paymentId.toString();
    }
}
