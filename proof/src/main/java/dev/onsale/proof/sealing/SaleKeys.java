package dev.onsale.proof.sealing;

import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.UnknownVersionException;
import dev.onsale.proof.seal.LogRow;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Finds the sale of a row. */
final class SaleKeys {

    private SaleKeys() {}

    /**
     * Returns the sale's key. An event that cannot be read gets the key of its aggregate, so that it does not block the
     * sealing.
     */
    static String of(LogRow row) {
        try {
            int version = row.revision() == null ? 1 : Integer.parseInt(row.revision());
            @Nullable
            String key = EventJson.read(row.type(), version, row.payload()).saleKey();
            return key == null ? row.aggregateId() : key;
        } catch (JacksonException | NullPointerException | NumberFormatException | UnknownVersionException unreadable) {
            return row.aggregateId();
        }
    }
}
