package dev.onsale.query.seal;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.seal.LogRow;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Which sale a row belongs to. */
final class SaleKeys {

    private SaleKeys() {}

    /** An event that cannot be read has a chain too, under its aggregate: nothing may hold the seals up. */
    static String of(LogRow row) {
        Class<? extends OnsaleEvent> type = EventCatalogue.classOf(row.type());
        if (type == null) {
            return row.aggregateId();
        }
        try {
            @Nullable
            String key = EventJson.mapper().readValue(row.payload(), type).saleKey();
            return key == null ? row.aggregateId() : key;
        } catch (JacksonException | NullPointerException unreadable) {
            return row.aggregateId();
        }
    }
}
