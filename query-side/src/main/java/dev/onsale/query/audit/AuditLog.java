package dev.onsale.query.audit;

import dev.onsale.eventlog.StoredEvent;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.eventlog.tail.LogTail;
import dev.onsale.proof.sealing.SaleIndex;
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
    private final SaleIndex sales;
    private final LogTail tail;

    AuditLog(DataSource dataSource, SaleIndex sales, LogTail tail) {
        this.tail = tail;
        // Not the bean of the event log's configuration: that one needs all of Axon, and this side reads rows.
        this.events = new StoredEvents(JdbcClient.create(dataSource));
        this.sales = sales;
    }

    /**
     * @param after exclusive
     * @param limit events in the page
     */
    AuditPage page(AuditFilter filter, long after, int limit) {
        // Who goes on behind the last position of a page must not miss what is committed before it later.
        long head = Math.min(tail.settledNow(), events.head());
        List<AuditedEvent> found = new ArrayList<>();
        long lookedAt = 0;
        long chars = 0;
        long sealedTo = filter.needsIndex() ? sales.sealedTo() : 0;
        long position = filter.from() == null ? after : Math.max(after, sales.before(filter.from()));
        while (lookedAt < ROWS_LOOKED_AT_MAX) {
            List<StoredEvent> rows = rows(filter, position, limit - found.size(), sealedTo);
            for (StoredEvent row : rows) {
                if (row.position() > head) {
                    return new AuditPage(found, position, head);
                }
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
            if (rows.isEmpty() && position >= sealedTo) {
                break;
            }
            if (rows.isEmpty()) {
                // Nothing more of the sale is sealed: what is not sealed yet is searched as it comes.
                position = sealedTo;
            }
        }
        return new AuditPage(found, position, head);
    }

    private List<StoredEvent> rows(AuditFilter filter, long after, int missing, long sealedTo) {
        int limit = filter.isEmpty() ? Math.min(ROWS_AT_ONCE, missing) : ROWS_AT_ONCE;
        if (filter.aggregate() != null) {
            return events.ofAggregateAfter(filter.aggregate(), after, limit);
        }
        return filter.sale() != null && after < sealedTo
                ? events.at(sales.positions(filter.sale(), after, limit))
                : events.after(after, limit);
    }
}
