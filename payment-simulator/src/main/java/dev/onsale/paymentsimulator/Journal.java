package dev.onsale.paymentsimulator;

import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where answers and bookings are kept beyond the life of the process, if anywhere. */
interface Journal extends AutoCloseable {

    /** Returns when the operating system has the line; a line that could not be written leaves no trace. */
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

    /** An answer and what it booked, if anything: in one line, because half of it would charge twice or forget a charge. */
    record Line(
            Instant time,
            String idempotencyKey,
            String fingerprint,
            Answer answer,
            @Nullable LedgerEntry entry) {}
}
