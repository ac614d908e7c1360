package dev.onsale.command.seating;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.StoredEvents;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the last fact of each seat from the event store, page by page. */
final class StoredSeatFacts implements FreeSeatsIndex.LastSeatFacts {

    private static final int PAGE_SIZE = 5_000;

    private final StoredEvents events;

    StoredSeatFacts(StoredEvents events) {
        this.events = events;
    }

    @Override
    public void read(PerformanceId performance, Consumer<SeatEvent> reader) {
        String prefix = performance + ":";
        String afterId = prefix;
        while (true) {
            List<StoredEvent> page = events.newestWithPrefix(prefix, afterId, PAGE_SIZE, 1);
            for (StoredEvent event : page) {
                @Nullable Class<? extends OnsaleEvent> type = EventCatalogue.classOf(event.type());
                if (type != null && SeatEvent.class.isAssignableFrom(type)) {
                    reader.accept((SeatEvent) EventJson.read(event.type(), event.version(), event.payloadJson()));
                }
            }
            if (page.size() < PAGE_SIZE) {
                return;
            }
            afterId = page.getLast().aggregateId();
        }
    }
}
