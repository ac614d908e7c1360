package dev.onsale.command.guard;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.StoredEvent;

/** Reads rows of the store as facts. */
final class FactReader {

    private FactReader() {}

    static OnsaleEvent read(StoredEvent event) {
        return EventJson.read(event.type(), event.version(), event.payloadJson());
    }
}
