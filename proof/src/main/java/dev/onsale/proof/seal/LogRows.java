package dev.onsale.proof.seal;

import dev.onsale.eventlog.tail.LockConflicts;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads rows of the event store with everything that a seal covers. */
public final class LogRows {

    private static final String COLUMNS = "SELECT e.global_index, e.event_identifier, e.type, e.aggregate_identifier,"
            + " e.sequence_number, e.payload_type, e.payload_revision, e.time_stamp, e.payload, e.meta_data";

    private final JdbcClient jdbc;

    public LogRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Committed events after a position, in log order.
     *
     * @param position exclusive
     */
    public List<LogRow> after(long position, int limit) {
        return jdbc.sql(COLUMNS + " FROM domain_event e WHERE e.global_index > ? ORDER BY e.global_index LIMIT ?")
                .params(position, limit)
                .query((row, index) -> Objects.requireNonNull(row(row)))
                .list();
    }

    /**
     * Whether no row exists between two positions and no open transaction has inserted one. Call it in a READ COMMITTED
     * transaction; with a stricter isolation level the query would lock the gap.
     *
     * @throws org.springframework.dao.TransientDataAccessException if an open transaction has inserted a row there
     */
    public boolean isEmptyForGood(long from, long to) {
        try {
            return jdbc.sql("SELECT global_index FROM domain_event WHERE global_index BETWEEN ? AND ? LIMIT 1"
                            + " FOR UPDATE NOWAIT")
                    .params(from, to)
                    .query(Long.class)
                    .list()
                    .isEmpty();
        } catch (UncategorizedSQLException failure) {
            // MySQL's error of NOWAIT has no SQLState.
            throw LockConflicts.isLocked(failure)
                    ? new CannotAcquireLockException("A row is being written", failure)
                    : failure;
        }
    }

    /** Maps a row of a query that uses the event store's column names. Returns {@code null} if the row has no event. */
    public static @Nullable LogRow row(ResultSet row) throws SQLException {
        byte[] payload = row.getBytes("payload");
        if (payload == null) {
            return null;
        }
        byte[] metaData = row.getBytes("meta_data");
        return new LogRow(
                row.getLong("global_index"),
                row.getString("event_identifier"),
                row.getString("type"),
                row.getString("aggregate_identifier"),
                row.getLong("sequence_number"),
                row.getString("payload_type"),
                row.getString("payload_revision"),
                row.getString("time_stamp"),
                new String(payload, StandardCharsets.UTF_8),
                metaData == null ? null : new String(metaData, StandardCharsets.UTF_8));
    }
}
