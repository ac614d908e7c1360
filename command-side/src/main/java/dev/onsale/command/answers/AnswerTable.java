package dev.onsale.command.answers;

import dev.onsale.platform.idempotency.Fingerprint;
import dev.onsale.platform.idempotency.RequestKey;
import dev.onsale.platform.idempotency.StoredAnswer;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;

/** The statements on the table {@code stored_answer}. */
final class AnswerTable {

    /** A lease, not an answer. */
    static final int LEASED = 0;

    private static final byte[] NOTHING = new byte[0];
    private static final int ROWS_AT_ONCE = 10_000;

    private final JdbcTemplate jdbc;
    private final long node;

    AnswerTable(JdbcTemplate jdbc, long node) {
        this.jdbc = jdbc;
        this.node = node;
    }

    record Waiting(RequestKey name, StoredAnswer answer, long at) {}

    record Row(StoredAnswer answer, long at) {

        boolean isLease() {
            return answer.status() == LEASED;
        }
    }

    /** Stores answers; the first of a key stays. One statement for many, in one order for all nodes. */
    void insert(List<Waiting> answers) {
        jdbc.batchUpdate(
                "INSERT INTO stored_answer (name, fingerprint, status, content_type, location, etag, body, stored_at, node)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE name = name",
                answers,
                answers.size(),
                (statement, waiting) -> {
                    statement.setBytes(1, bytes(waiting.name()));
                    set(statement, 2, waiting.answer());
                    statement.setLong(8, waiting.at());
                    statement.setLong(9, node);
                });
    }

    Optional<Row> find(RequestKey name) {
        return jdbc
                .query(
                        "SELECT fingerprint, status, content_type, location, etag, body, stored_at FROM stored_answer"
                                + " WHERE name = ?",
                        (row, number) -> row(row),
                        (Object) bytes(name))
                .stream()
                .findFirst();
    }

    /** Whether this call made the lease. */
    boolean insertLease(RequestKey name, Fingerprint fingerprint, long at) {
        return jdbc.update(
                        "INSERT IGNORE INTO stored_answer (name, fingerprint, status, body, stored_at, node)"
                                + " VALUES (?, ?, ?, ?, ?, ?)",
                        bytes(name),
                        bytes(fingerprint),
                        LEASED,
                        NOTHING,
                        at,
                        node)
                == 1;
    }

    /** Takes over an expired row. Exactly one caller succeeds. */
    boolean takeOver(RequestKey name, Row old, Fingerprint fingerprint, long at) {
        return jdbc.update(
                        "UPDATE stored_answer SET fingerprint = ?, status = ?, body = ?, stored_at = ?, node = ?"
                                + " WHERE name = ? AND stored_at = ? AND status = ?",
                        bytes(fingerprint),
                        LEASED,
                        NOTHING,
                        at,
                        node,
                        bytes(name),
                        old.at(),
                        old.answer().status())
                == 1;
    }

    /** Does nothing to a lease that another node has taken over, as {@link #giveUp}. */
    void settle(RequestKey name, StoredAnswer answer) {
        jdbc.update(
                "UPDATE stored_answer SET fingerprint = ?, status = ?, content_type = ?, location = ?, etag = ?, body = ?"
                        + " WHERE name = ? AND node = ?",
                statement -> {
                    set(statement, 1, answer);
                    statement.setBytes(7, bytes(name));
                    statement.setLong(8, node);
                });
    }

    void giveUp(RequestKey name) {
        jdbc.update("DELETE FROM stored_answer WHERE name = ? AND status = ? AND node = ?", bytes(name), LEASED, node);
    }

    /** Names stored by others since then. */
    void others(long since, Consumer<RequestKey> names) {
        names("SELECT name FROM stored_answer WHERE stored_at >= ? AND node <> ?", names, since, node);
    }

    void all(long since, Consumer<RequestKey> names) {
        names("SELECT name FROM stored_answer WHERE stored_at >= ?", names, since);
    }

    /** How many were removed. */
    int removeBefore(long time, int atMost) {
        return jdbc.update("DELETE FROM stored_answer WHERE stored_at < ? ORDER BY stored_at LIMIT ?", time, atMost);
    }

    private void names(String sql, Consumer<RequestKey> names, Object... parameters) {
        jdbc.query(
                connection -> {
                    PreparedStatement statement = connection.prepareStatement(sql);
                    statement.setFetchSize(ROWS_AT_ONCE);
                    for (int i = 0; i < parameters.length; i++) {
                        statement.setObject(i + 1, parameters[i]);
                    }
                    return statement;
                },
                row -> {
                    ByteBuffer name = ByteBuffer.wrap(row.getBytes(1));
                    names.accept(new RequestKey(name.getLong(), name.getLong()));
                });
    }

    private static Row row(ResultSet row) throws SQLException {
        ByteBuffer fingerprint = ByteBuffer.wrap(row.getBytes(1));
        return new Row(
                new StoredAnswer(
                        new Fingerprint(fingerprint.getLong(), fingerprint.getLong()),
                        row.getInt(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        ByteBuffer.wrap(row.getBytes(6))),
                row.getLong(7));
    }

    private static void set(PreparedStatement statement, int from, StoredAnswer answer) throws SQLException {
        statement.setBytes(from, bytes(answer.fingerprint()));
        statement.setInt(from + 1, answer.status());
        statement.setString(from + 2, answer.contentType());
        statement.setString(from + 3, answer.location());
        statement.setString(from + 4, answer.eTag());
        statement.setBytes(from + 5, answer.bytes());
    }

    private static byte[] bytes(RequestKey name) {
        return bytes(name.high(), name.low());
    }

    private static byte[] bytes(Fingerprint fingerprint) {
        return bytes(fingerprint.high(), fingerprint.low());
    }

    private static byte[] bytes(long high, long low) {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }
}
