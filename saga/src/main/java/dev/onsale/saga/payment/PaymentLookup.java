package dev.onsale.saga.payment;

import dev.onsale.api.PaymentId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which payment to look for.
 *
 * @param around about when the payment was asked for; a gateway without an index of our identifiers lists that day
 * @param gatewayReference the gateway's name for the payment, if it is known
 */
public record PaymentLookup(
        PaymentId paymentId, Instant around, @Nullable String gatewayReference) {}
