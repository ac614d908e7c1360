package dev.onsale.paymentsimulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An authorization in the HTTP API. */
record AuthorizationView(
        String id,
        Authorization.Status status,
        @Nullable DeclineCode declineCode,
        Amount amount,
        Amount capturedAmount,
        Amount refundedAmount,
        String reference,
        String idempotencyKey,
        Instant createdAt,
        Instant updatedAt) {

    static AuthorizationView of(Authorization from) {
        return new AuthorizationView(
                from.id(),
                from.status(),
                from.declineCode(),
                from.amount(),
                from.capturedAmount(),
                from.refundedAmount(),
                from.reference(),
                from.idempotencyKey(),
                from.createdAt(),
                from.updatedAt());
    }
}
