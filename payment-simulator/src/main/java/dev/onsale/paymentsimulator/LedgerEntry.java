package dev.onsale.paymentsimulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One booking. Entries are numbered from 1 without gaps and never change. */
record LedgerEntry(
        long sequence,
        Instant time,
        Kind kind,
        String authorizationId,
        String reference,
        Amount amount,
        String idempotencyKey,
        @Nullable DeclineCode declineCode) {

    /** The names are part of the HTTP API and of the ledger file. */
    enum Kind {
        AUTHORIZED,
        DECLINED,
        CAPTURED,
        VOIDED,
        REFUNDED
    }
}
