package dev.onsale.command.guard.state;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.StoredEvent;

/** Reads rows of the store as facts. */
public final class FactReader {

    private FactReader() {}

    public static OnsaleEvent read(StoredEvent event) {
        return EventJson.read(event.type(), event.version(), event.payloadJson());
    }
}
