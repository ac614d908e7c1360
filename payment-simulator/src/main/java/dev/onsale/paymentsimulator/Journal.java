package dev.onsale.paymentsimulator;

import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Storage of responses and bookings across restarts. */
interface Journal extends AutoCloseable {

    /** Returns when the operating system has the line. A failed write leaves no trace. */
    void append(Line line) throws IOException;

    @Override
    void close() throws IOException;

    static Journal inMemory() {
        return new Journal() {
            @Override
            public void append(Line line) {}

            @Override
            public void close() {}
        };
    }

    /** A response and its booking in one line, so that neither is stored without the other. */
    record Line(
            Instant time,
            String idempotencyKey,
            String fingerprint,
            Answer answer,
            @Nullable LedgerEntry entry) {}
}
