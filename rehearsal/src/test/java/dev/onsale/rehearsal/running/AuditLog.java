package dev.onsale.rehearsal.running;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads the event store through the audit endpoint. */
public final class AuditLog {

    private static final int PAGE = 1_000;

    private final Onsale onsale;

    AuditLog(Onsale onsale) {
        this.onsale = onsale;
    }

    public record Event(
            long position,
            String id,
            String aggregateType,
            String aggregate,
            long sequence,
            String type,
            JsonNode payload) {}

    /** Position of the newest event. */
    public long head() throws Exception {
        return page("?limit=1&after=0").path("head").asLong();
    }

    public List<Event> all() throws Exception {
        return read("", 0);
    }

    public List<Event> after(long position) throws Exception {
        return read("", position);
    }

    public List<Event> ofSale(String sale) throws Exception {
        return read("&sale=" + sale, 0);
    }

    private List<Event> read(String filter, long from) throws Exception {
        List<Event> events = new ArrayList<>();
        long after = from;
        while (true) {
            JsonNode page = page("?limit=" + PAGE + "&after=" + after + filter);
            page.path("events").forEach(event -> events.add(event(event)));
            long next = page.path("nextAfter").asLong();
            if (next == after) {
                return events;
            }
            after = next;
        }
    }

    private JsonNode page(String query) throws Exception {
        return onsale.get("/api/audit/events" + query)
                .as(onsale.operator())
                .send()
                .require(200);
    }

    private static Event event(JsonNode event) {
        return new Event(
                event.path("position").asLong(),
                event.path("eventId").asString(),
                event.path("aggregateType").asString(),
                event.path("aggregateId").asString(),
                event.path("sequence").asLong(),
                event.path("type").asString(),
                event.path("payload"));
    }
}
