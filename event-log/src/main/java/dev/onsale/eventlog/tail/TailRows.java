package dev.onsale.eventlog.tail;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads the log as rows. Thread-safe. */
class TailRows {

    private static final int POSITIONS_AT_ONCE = 1_000;

    private static final String SELECT = "SELECT global_index, type, aggregate_identifier, sequence_number,"
            + " event_identifier, time_stamp, payload_type, payload_revision, payload, meta_data FROM domain_event";

    private final JdbcClient jdbc;
    private final TransactionTemplate readCommitted;

    TailRows(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
        this.readCommitted = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        // With a stricter isolation level the locking read would lock the gap itself, where writers insert.
        readCommitted.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /**
     * @param after exclusive
     * @param to inclusive
     */
    List<LogEntry> between(long after, long to, int limit) {
        return jdbc.sql(SELECT + " WHERE global_index > ? AND global_index <= ? ORDER BY global_index LIMIT ?")
                .params(after, to, limit)
                .query(TailRows::entry)
                .list();
    }

    /** Those at some positions, in the order of the log. */
    List<LogEntry> at(Collection<Long> positions) {
        List<Long> all = List.copyOf(positions);
        List<LogEntry> found = new ArrayList<>();
        for (int from = 0; from < all.size(); from += POSITIONS_AT_ONCE) {
            found.addAll(jdbc.sql(SELECT + " WHERE global_index IN (:positions) ORDER BY global_index")
                    .param("positions", all.subList(from, Math.min(all.size(), from + POSITIONS_AT_ONCE)))
                    .query(TailRows::entry)
                    .list());
        }
        return found;
    }

    /** Whether no row exists between two positions and no open transaction has inserted one. */
    boolean isEmpty(long from, long to) {
        try {
            return Boolean.TRUE.equals(readCommitted.execute(
                    status -> jdbc.sql("SELECT global_index FROM domain_event WHERE global_index BETWEEN ? AND ?"
                                    + " LIMIT 1 FOR UPDATE NOWAIT")
                            .params(from, to)
                            .query(Long.class)
                            .list()
                            .isEmpty()));
        } catch (DataAccessException failure) {
            if (LockConflicts.isLocked(failure)) {
                return false;
            }
            throw failure;
        }
    }

    /** The newest position whose event, and every one before it, was written before an instant; 0 for none. */
    long lastBefore(Instant instant) {
        long low = 0;
        long high = jdbc.sql("SELECT COALESCE(MAX(global_index), 0) FROM domain_event")
                .query(Long.class)
                .single();
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            LogEntry next = between(middle - 1, Long.MAX_VALUE, 1).getFirst();
            if (next.occurredAt().isBefore(instant)) {
                low = Math.max(middle, next.position());
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private static LogEntry entry(ResultSet row, int number) throws SQLException {
        return new LogEntry(
                row.getLong(1),
                new GenericDomainEventEntry<>(
                        row.getString(2),
                        row.getString(3),
                        row.getLong(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getString(8),
                        row.getBytes(9),
                        row.getBytes(10)));
    }
}
