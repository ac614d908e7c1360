package dev.onsale.api.view;

import dev.onsale.api.PaymentId;
import org.jspecify.annotations.Nullable;

/**
 * The newest payment of a reservation.
 *
 * @param reason code of why no money was taken; absent otherwise
 */
public record PaymentView(
        PaymentId paymentId, PaymentStatus status, @Nullable String reason) {}
