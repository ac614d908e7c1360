package dev.onsale.saga.reservation;

import dev.onsale.api.PaymentId;
import org.jspecify.annotations.Nullable;

/**
 * The gateway says that something happened to a payment of somebody. It is a reason to look, and never believed by itself.
 *
 * @param id the gateway's own, the same for each repeat, at most 100 ASCII characters
 * @param type the gateway's own, such as {@code payment_intent.canceled}
 * @param gatewayReference the gateway's name for the payment
 * @param paymentId the payment of Onsale; absent if the event does not have it
 * @param disputeReference the gateway's name for a dispute; absent if it is about none
 * @param refundReference the gateway's name for a refund; absent if the event is about none, or about all of a charge
 * @param refundStatus the status of that refund, as the gateway names it; absent if the event does not have it
 */
public record GatewayEvent(
        String id,
        String type,
        String gatewayReference,
        @Nullable PaymentId paymentId,
        @Nullable String disputeReference,
        @Nullable String refundReference,
        @Nullable String refundStatus) {

    public GatewayEvent(
            String id,
            String type,
            String gatewayReference,
            @Nullable PaymentId paymentId,
            @Nullable String disputeReference) {
        this(id, type, gatewayReference, paymentId, disputeReference, null, null);
    }
}
