package dev.onsale.saga.payment;

import dev.onsale.api.PaymentId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which payment to look for.
 *
 * @param around about when the payment was asked for; a gateway without an index of our identifiers lists that day
 * @param gatewayReference the gateway's name for the payment, if it is known
 * @param request what was asked for under a key that the gateway still keeps; if its answer was lost, a repeat tells the gateway's
 *     name. Absent if it cannot be repeated
 */
public record PaymentLookup(
        PaymentId paymentId,
        Instant around,
        @Nullable String gatewayReference,
        @Nullable AuthorizationRequest request) {

    public PaymentLookup(PaymentId paymentId, Instant around, @Nullable String gatewayReference) {
        this(paymentId, around, gatewayReference, null);
    }
}
