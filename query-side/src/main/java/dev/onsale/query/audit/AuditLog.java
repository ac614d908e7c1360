package dev.onsale.query.audit;

import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.StoredEvents;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Pages of the event store. A page is bounded in events, in bytes and in what is looked at for it. */
@Component
class AuditLog {

    private static final int ROWS_AT_ONCE = 500;
    private static final int ROWS_LOOKED_AT_MAX = 50_000;
    private static final int PAYLOAD_CHARS_MAX = 16 * 1024 * 1024;

    private final StoredEvents events;

    AuditLog(DataSource dataSource) {
        // Not the bean of the event log's configuration: that one needs all of Axon, and this side reads rows.
        this.events = new StoredEvents(JdbcClient.create(dataSource));
    }

    /**
     * @param after exclusive
     * @param limit events in the page
     */
    AuditPage page(AuditFilter filter, long after, int limit) {
        long head = events.head();
        List<AuditedEvent> found = new ArrayList<>();
        long lookedAt = 0;
        long chars = 0;
        long position = after;
        while (lookedAt < ROWS_LOOKED_AT_MAX) {
            List<StoredEvent> rows = rows(filter, position, limit - found.size());
            for (StoredEvent row : rows) {
                position = row.position();
                if (filter.matches(row)) {
                    found.add(AuditedEvent.of(row));
                    chars += row.payloadJson().length();
                    if (found.size() == limit || chars >= PAYLOAD_CHARS_MAX) {
                        return new AuditPage(found, position, head);
                    }
                }
            }
            lookedAt += rows.size();
            if (rows.isEmpty()) {
                break;
            }
        }
        return new AuditPage(found, position, head);
    }

    private List<StoredEvent> rows(AuditFilter filter, long after, int missing) {
        int limit = filter.isEmpty() ? Math.min(ROWS_AT_ONCE, missing) : ROWS_AT_ONCE;
        return filter.aggregate() == null
                ? events.after(after, limit)
                : events.ofAggregateAfter(filter.aggregate(), after, limit);
    }
}
