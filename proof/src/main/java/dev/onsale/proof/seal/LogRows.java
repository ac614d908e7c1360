package dev.onsale.proof.seal;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the event store as rows with all that a seal covers. */
public final class LogRows {

    private static final String COLUMNS = "SELECT e.global_index, e.event_identifier, e.type, e.aggregate_identifier,"
            + " e.sequence_number, e.payload_type, e.payload_revision, e.time_stamp, e.payload, e.meta_data";

    private final JdbcClient jdbc;

    public LogRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Committed events after a position, in the order of the log.
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
     * Whether nothing is stored, and nothing is being stored, from one position to another. To be called in a transaction of
     * READ COMMITTED, or the asking would lock the hole itself.
     *
     * @throws org.springframework.dao.TransientDataAccessException if somebody has inserted there and not committed yet
     */
    public boolean isEmptyForGood(long from, long to) {
        return jdbc.sql("SELECT global_index FROM domain_event WHERE global_index BETWEEN ? AND ? LIMIT 1"
                        + " FOR UPDATE NOWAIT")
                .params(from, to)
                .query(Long.class)
                .list()
                .isEmpty();
    }

    /** Reads a row of a query that names the columns as the event store does; nothing if the row has no event. */
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
