package dev.onsale.query.audit;

import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.UnknownVersionException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Which events an audit is about; absent conditions hold for all.
 *
 * @param sale performance or campaign
 * @param aggregate identifier of one aggregate
 * @param type logical type
 * @param buyer who, as the facts name the buyer
 * @param from written down at this instant or later
 * @param to written down before this instant
 */
record AuditFilter(
        @Nullable String sale,
        @Nullable String aggregate,
        @Nullable String type,
        @Nullable String buyer,
        @Nullable Instant from,
        @Nullable Instant to) {

    boolean isEmpty() {
        return sale == null && aggregate == null && type == null && buyer == null && from == null && to == null;
    }

    /** Whether the events are looked up by sale. */
    boolean needsIndex() {
        return sale != null && aggregate == null;
    }

    boolean matches(StoredEvent event) {
        return (type == null || type.equals(event.type()))
                && (aggregate == null || aggregate.equals(event.aggregateId()))
                && (from == null || !event.occurredAt().isBefore(from))
                && (to == null || event.occurredAt().isBefore(to))
                && (buyer == null || isBy(buyer, event))
                && (sale == null || isOf(sale, event));
    }

    private static boolean isBy(String buyer, StoredEvent event) {
        if (!event.payloadJson().contains(buyer)) {
            return false;
        }
        try {
            return buyer.equals(EventJson.mapper()
                    .readTree(event.payloadJson())
                    .path("buyerId")
                    .asString(""));
        } catch (JacksonException unreadable) {
            return true;
        }
    }

    private static boolean isOf(String sale, StoredEvent event) {
        // The sale is somewhere in the text of each of its facts, which is cheaper to see than to parse.
        if (!event.payloadJson().contains(sale)) {
            return false;
        }
        try {
            return EventJson.read(event.type(), event.version(), event.payloadJson())
                    .saleKey()
                    .equals(sale);
        } catch (UnknownVersionException unknown) {
            return false;
        } catch (JacksonException unreadable) {
            // An audit must not stop at what it is there to find.
            return true;
        }
    }
}
