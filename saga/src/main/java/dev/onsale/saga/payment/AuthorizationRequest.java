package dev.onsale.saga.payment;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentMethod;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway is asked to reserve.
 *
 * @param attempt 0 for the first idempotency key; one more for each key that the gateway has used up
 * @param gatewayReference the gateway's name for the payment, if an earlier answer had it
 */
public record AuthorizationRequest(
        PaymentId paymentId,
        Money amount,
        PaymentMethod method,
        int attempt,
        @Nullable String gatewayReference) {

    public static AuthorizationRequest first(PaymentId paymentId, Money amount, PaymentMethod method) {
        return new AuthorizationRequest(paymentId, amount, method, 0, null);
    }
}
