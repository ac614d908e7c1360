package dev.onsale.query.audit;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.StoredEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Which events an audit is about; absent conditions hold for all.
 *
 * @param sale performance or campaign
 * @param aggregate identifier of one aggregate
 * @param type logical type
 */
record AuditFilter(
        @Nullable String sale,
        @Nullable String aggregate,
        @Nullable String type) {

    boolean isEmpty() {
        return sale == null && aggregate == null && type == null;
    }

    boolean matches(StoredEvent event) {
        return (type == null || type.equals(event.type()))
                && (aggregate == null || aggregate.equals(event.aggregateId()))
                && (sale == null || isOf(sale, event));
    }

    private static boolean isOf(String sale, StoredEvent event) {
        // The sale is somewhere in the text of each of its facts, which is cheaper to see than to parse.
        if (!event.payloadJson().contains(sale)) {
            return false;
        }
        Class<? extends OnsaleEvent> type = EventCatalogue.classOf(event.type());
        if (type == null) {
            return false;
        }
        try {
            return EventJson.mapper()
                    .readValue(event.payloadJson(), type)
                    .saleKey()
                    .equals(sale);
        } catch (JacksonException unreadable) {
            // An audit must not stop at what it is there to find.
            return true;
        }
    }
}
