package dev.onsale.api.view;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import org.jspecify.annotations.Nullable;

/**
 * The newest payment of a reservation.
 *
 * @param reason code of why no money was taken, why the outcome is not known yet, or how a refund or dispute stands; absent otherwise
 * @param amount what is paid; absent for a moment after the request
 * @param clientSecret what the buyer authenticates with while the status is {@code ACTION_REQUIRED}; absent otherwise, and for
 *     everybody but the buyer
 * @param refunded what was given back of the amount so far; absent for nothing
 */
public record PaymentView(
        PaymentId paymentId,
        PaymentStatus status,
        @Nullable String reason,
        @Nullable Money amount,
        @Nullable String clientSecret,
        @Nullable Money refunded) {

    /** With nothing given back. */
    public PaymentView(
            PaymentId paymentId,
            PaymentStatus status,
            @Nullable String reason,
            @Nullable Money amount,
            @Nullable String clientSecret) {
        this(paymentId, status, reason, amount, clientSecret, null);
    }

    public PaymentView with(String secret) {
        return new PaymentView(paymentId, status, reason, amount, secret, refunded);
    }

    /** Without the secret: texts like this end up in logs. */
    @Override
    public String toString() {
        return "PaymentView[" + paymentId + " " + status + " " + reason + " " + amount + "]";
    }
}
