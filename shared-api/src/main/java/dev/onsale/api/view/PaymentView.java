package dev.onsale.api.view;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import org.jspecify.annotations.Nullable;

/**
 * The newest payment of a reservation.
 *
 * @param reason code of why no money was taken, or why the outcome is not known yet; absent otherwise
 * @param amount what is paid; absent for a moment after the request
 */
public record PaymentView(
        PaymentId paymentId,
        PaymentStatus status,
        @Nullable String reason,
        @Nullable Money amount) {}
