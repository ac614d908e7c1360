package dev.onsale.query.deadletter;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.stereotype.Repository;

/** The rows. Whoever changes those of a key holds the lock on the key's row, so that no record slips in behind the last. */
@Repository
class DeadLetterStore {

    /** Longer keys are none of ours; their records are kept, and nothing is parked behind them. */
    static final int KEY_LENGTH_MAX = 190;

    private static final int PROBLEM_LENGTH_MAX = 10_000;
    private static final int EXCEPTION_LENGTH_MAX = 200;

    private static final String RECORD = "SELECT id, state, consumer_group, topic, topic_partition, topic_offset,"
            + " record_timestamp, record_key, headers, payload FROM kafka_dead_letter";

    /** A record that is told again, and was filed before, stays as it is. */
    private static final String FILE = "INSERT IGNORE INTO kafka_dead_letter (consumer_group, topic, topic_partition,"
            + " topic_offset, record_timestamp, record_key, state, attempts, exception, problem, headers, payload,"
            + " filed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String OF_KEY = " WHERE consumer_group = ? AND topic = ? AND record_key = ? AND waiting";

    private final JdbcOperations jdbc;
    private final NamedParameterJdbcTemplate named;
    private final Clock clock;

    DeadLetterStore(JdbcOperations jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.named = new NamedParameterJdbcTemplate(jdbc);
        this.clock = clock;
    }

    static @Nullable String keyOf(ConsumerRecord<?, ?> record) {
        return record.key() instanceof String key && key.length() <= KEY_LENGTH_MAX ? key : null;
    }

    /** Those of the keys that have a row. */
    Set<ParkedKey> parked(String group, Collection<String> keys) {
        if (keys.isEmpty()) {
            return Set.of();
        }
        return new HashSet<>(named.query(
                "SELECT topic, record_key FROM parked_key WHERE consumer_group = :group AND record_key IN (:keys)",
                Map.of("group", group, "keys", keys),
                (row, number) -> new ParkedKey(group, row.getString(1), row.getString(2))));
    }

    void park(ParkedKey key) {
        jdbc.update(
                "INSERT IGNORE INTO parked_key (consumer_group, topic, record_key) VALUES (?, ?, ?)",
                key.group(),
                key.topic(),
                key.key());
    }

    /** Locks the row of a key; {@code false} if it has none. */
    boolean lock(ParkedKey key) {
        return !jdbc.queryForList(
                        "SELECT record_key FROM parked_key WHERE consumer_group = ? AND topic = ? AND record_key = ?"
                                + " FOR UPDATE",
                        String.class,
                        key.group(),
                        key.topic(),
                        key.key())
                .isEmpty();
    }

    /** Lets the key go if nothing of it waits. */
    void releaseIfEmpty(ParkedKey key) {
        jdbc.update(
                "DELETE FROM parked_key WHERE consumer_group = ? AND topic = ? AND record_key = ? AND NOT EXISTS"
                        + " (SELECT 1 FROM kafka_dead_letter" + OF_KEY + ")",
                key.group(),
                key.topic(),
                key.key(),
                key.group(),
                key.topic(),
                key.key());
    }

    void file(
            String group,
            List<? extends ConsumerRecord<?, byte @Nullable []>> records,
            DeadLetterState state,
            int attempts,
            @Nullable Throwable failure) {
        String exception = exception(failure);
        String problem = problem(failure);
        jdbc.batchUpdate(
                FILE,
                records.stream()
                        .map(record -> filed(group, record, state, attempts, exception, problem))
                        .toList());
    }

    /**
     * Files a letter that another side has given up; nothing is parked behind it.
     *
     * @param exception why, as the name of a Java class
     */
    void fileDead(
            String group,
            ConsumerRecord<String, byte @Nullable []> record,
            @Nullable String exception,
            @Nullable String problem) {
        jdbc.update(
                FILE,
                filed(
                        group,
                        record,
                        DeadLetterState.DEAD,
                        1,
                        exception == null ? null : cut(exception, EXCEPTION_LENGTH_MAX),
                        problem == null ? null : cut(problem, PROBLEM_LENGTH_MAX)));
    }

    private @Nullable Object[] filed(
            String group,
            ConsumerRecord<?, byte @Nullable []> record,
            DeadLetterState state,
            int attempts,
            @Nullable String exception,
            @Nullable String problem) {
        return new @Nullable Object[] {
            group,
            record.topic(),
            record.partition(),
            record.offset(),
            record.timestamp(),
            keyOf(record),
            state.name(),
            attempts,
            exception,
            problem,
            StoredRecord.json(record.headers()),
            record.value(),
            clock.instant().toString()
        };
    }

    private static @Nullable String exception(@Nullable Throwable failure) {
        return failure == null ? null : cut(failure.getClass().getName(), EXCEPTION_LENGTH_MAX);
    }

    static @Nullable String problem(@Nullable Throwable failure) {
        return failure == null ? null : cut(String.valueOf(failure.getMessage()), PROBLEM_LENGTH_MAX);
    }

    private static String cut(String text, int lengthMax) {
        return text.length() <= lengthMax ? text : text.substring(0, lengthMax);
    }

    Optional<StoredRecord> find(long id) {
        return jdbc.query(RECORD + " WHERE id = ?", DeadLetterStore::row, id).stream()
                .findFirst();
    }

    /** As {@link #find}, and nobody else settles it until the transaction ends. */
    Optional<StoredRecord> locked(long id) {
        return jdbc.query(RECORD + " WHERE id = ? FOR UPDATE", DeadLetterStore::row, id).stream()
                .findFirst();
    }

    /** What waits under a key, in order. */
    List<StoredRecord> waiting(ParkedKey key, int limit) {
        return jdbc.query(
                RECORD + OF_KEY + " ORDER BY id LIMIT ?",
                DeadLetterStore::row,
                key.group(),
                key.topic(),
                key.key(),
                limit);
    }

    /** Whether the first record of a key was never tried. */
    boolean isDue(ParkedKey key) {
        return jdbc.queryForList(
                        "SELECT state FROM kafka_dead_letter" + OF_KEY + " ORDER BY id LIMIT 1",
                        String.class,
                        key.group(),
                        key.topic(),
                        key.key())
                .contains(DeadLetterState.PARKED.name());
    }

    Optional<Long> firstWaiting(ParkedKey key) {
        return jdbc
                .queryForList(
                        "SELECT id FROM kafka_dead_letter" + OF_KEY + " ORDER BY id LIMIT 1",
                        Long.class,
                        key.group(),
                        key.topic(),
                        key.key())
                .stream()
                .findFirst();
    }

    /** Keys whose first record was never tried: nothing dead is before it any more. */
    List<ParkedKey> due(int limit) {
        return jdbc.query(
                "SELECT k.consumer_group, k.topic, k.record_key FROM parked_key k JOIN kafka_dead_letter d ON d.id ="
                        + " (SELECT MIN(w.id) FROM kafka_dead_letter w WHERE w.consumer_group = k.consumer_group"
                        + " AND w.topic = k.topic AND w.record_key = k.record_key AND w.waiting) AND d.state = 'PARKED'"
                        + " LIMIT ?",
                (row, number) -> new ParkedKey(row.getString(1), row.getString(2), row.getString(3)),
                limit);
    }

    void failedAgain(long id, Throwable failure) {
        jdbc.update(
                "UPDATE kafka_dead_letter SET state = 'DEAD', attempts = attempts + 1, exception = ?, problem = ?"
                        + " WHERE id = ? AND waiting",
                exception(failure),
                problem(failure),
                id);
    }

    void settle(long id, DeadLetterState state, String by, @Nullable String reason) {
        jdbc.update(
                "UPDATE kafka_dead_letter SET state = ?, attempts = attempts + ?, settled_at = ?, settled_by = ?, reason = ?"
                        + " WHERE id = ?",
                state.name(),
                state == DeadLetterState.RETRIED ? 1 : 0,
                clock.instant().toString(),
                by,
                reason,
                id);
    }

    /** What was only parked and is taken now was never a dead letter: nothing of it needs to be remembered. */
    void forget(List<Long> ids) {
        jdbc.batchUpdate(
                "DELETE FROM kafka_dead_letter WHERE id = ?",
                ids.stream().map(id -> new Object[] {id}).toList());
    }

    int forgetSettledBefore(Instant instant, int limit) {
        return jdbc.update(
                "DELETE FROM kafka_dead_letter WHERE state IN ('RETRIED', 'DROPPED') AND settled_at < ? LIMIT ?",
                instant.toString(),
                limit);
    }

    /** How many wait, by group and state. */
    List<Count> counts() {
        return jdbc.query(
                "SELECT consumer_group, state, COUNT(*) FROM kafka_dead_letter WHERE state IN ('DEAD', 'PARKED')"
                        + " GROUP BY consumer_group, state",
                (row, number) ->
                        new Count(row.getString(1), DeadLetterState.valueOf(row.getString(2)), row.getLong(3)));
    }

    record Count(String group, DeadLetterState state, long records) {}

    private static StoredRecord row(ResultSet row, int number) throws SQLException {
        return new StoredRecord(
                row.getLong("id"),
                DeadLetterState.valueOf(row.getString("state")),
                row.getString("consumer_group"),
                StoredRecord.record(
                        row.getString("topic"),
                        row.getInt("topic_partition"),
                        row.getLong("topic_offset"),
                        row.getLong("record_timestamp"),
                        row.getString("record_key"),
                        row.getString("headers"),
                        row.getBytes("payload")));
    }
}
