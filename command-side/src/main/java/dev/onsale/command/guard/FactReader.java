package dev.onsale.command.guard;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.StoredEvent;
import org.jspecify.annotations.Nullable;

/** Reads rows of the store as facts. */
final class FactReader {

    private FactReader() {}

    static OnsaleEvent read(StoredEvent event) {
        @Nullable Class<? extends OnsaleEvent> type = EventCatalogue.classOf(event.type());
        if (type == null) {
            throw new IllegalStateException("The store has an event of unknown type " + event.type());
        }
        return EventJson.mapper().readValue(event.payloadJson(), type);
    }
}
