package dev.onsale.proof.sealing;

import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.UnknownVersionException;
import dev.onsale.proof.seal.LogRow;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Which sale a row belongs to. */
final class SaleKeys {

    private SaleKeys() {}

    /** An event that cannot be read has a chain too, under its aggregate: nothing may hold the seals up. */
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
