package dev.onsale.paymentsimulator;

import org.jspecify.annotations.Nullable;

/**
 * A valid request that changes the ledger. Requests are equal if their values are; white space and field order do not
 * matter.
 */
sealed interface Change {

    record Authorize(
            Amount amount, String reference, @Nullable String paymentToken, String fingerprint) implements Change {
        Authorize(Amount amount, String reference, @Nullable String paymentToken) {
            this(
                    amount,
                    reference,
                    paymentToken,
                    Fingerprint.of(
                            "authorize", amount, reference, paymentToken == null ? "none" : "token=" + paymentToken));
        }
    }

    record Capture(String authorizationId, Amount amount, String fingerprint) implements Change {
        Capture(String authorizationId, Amount amount) {
            this(authorizationId, amount, Fingerprint.of("capture", amount, authorizationId));
        }
    }

    record VoidAuthorization(String authorizationId, String fingerprint) implements Change {
        VoidAuthorization(String authorizationId) {
            this(authorizationId, Fingerprint.of("void", null, authorizationId));
        }
    }

    record Refund(String authorizationId, Amount amount, String fingerprint) implements Change {
        Refund(String authorizationId, Amount amount) {
            this(authorizationId, amount, Fingerprint.of("refund", amount, authorizationId));
        }
    }

    /** Short, because one is stored per key. */
    String fingerprint();
}
