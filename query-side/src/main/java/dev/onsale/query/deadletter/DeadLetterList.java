package dev.onsale.query.deadletter;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.query.paging.PageRequest;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/** Dead letters as an operator sees them. */
@Component
class DeadLetterList {

    /** What is longer is cut: a hall of 100,000 seats is no reading matter. */
    private static final int PAYLOAD_BYTES_SHOWN = 256 * 1024;

    private static final String COLUMNS = "SELECT id, state, consumer_group, topic, topic_partition, topic_offset,"
            + " record_key, attempts, exception, problem, filed_at, settled_at, settled_by, reason FROM kafka_dead_letter";

    private final JdbcOperations jdbc;
    private final DeadLetterStore store;

    DeadLetterList(JdbcOperations jdbc, DeadLetterStore store) {
        this.jdbc = jdbc;
        this.store = store;
    }

    /**
     * A record that was put aside.
     *
     * @param attempts how often it was tried
     * @param exception why the newest try failed, as the name of a Java class
     */
    record Line(
            long id,
            DeadLetterState state,
            String group,
            String topic,
            int partition,
            long offset,
            @Nullable String key,
            int attempts,
            @Nullable String exception,
            @Nullable String problem,
            Instant filedAt,
            @Nullable Instant settledAt,
            @Nullable String settledBy,
            @Nullable String reason) {}

    /**
     * With all that the record carried.
     *
     * @param payload as text if it is text, else in Base64; the first 256 KB of it
     */
    record Letter(
            Line letter,
            Map<String, @Nullable String> headers,
            @Nullable String payload,
            long payloadBytes) {}

    /** What is to be listed; {@code null} for whatever it is. */
    record Filter(
            @Nullable DeadLetterState state,
            @Nullable String group,
            @Nullable String topic,
            @Nullable String key) {}

    List<Line> newest(Filter filter, PageRequest page) {
        StringBuilder sql = new StringBuilder(COLUMNS).append(" WHERE id < ?");
        List<Object> parameters = new ArrayList<>(List.of(page.before()));
        add(
                sql,
                parameters,
                " AND state = ?",
                filter.state() == null ? null : filter.state().name());
        add(sql, parameters, " AND consumer_group = ?", filter.group());
        add(sql, parameters, " AND topic = ?", filter.topic());
        add(sql, parameters, " AND record_key = ?", filter.key());
        parameters.add(page.fetch().max());
        return jdbc.query(
                sql.append(" ORDER BY id DESC LIMIT ?").toString(), DeadLetterList::line, parameters.toArray());
    }

    /** What is dead and first of its key, the oldest first: what can be retried now. */
    List<Long> heads(Filter filter, int limit) {
        StringBuilder sql =
                new StringBuilder("SELECT d.id FROM kafka_dead_letter d WHERE d.state = 'DEAD' AND NOT EXISTS"
                        + " (SELECT 1 FROM kafka_dead_letter b JOIN parked_key k ON k.consumer_group = b.consumer_group"
                        + " AND k.topic = b.topic AND k.record_key = b.record_key"
                        + " WHERE b.consumer_group = d.consumer_group AND b.topic = d.topic"
                        + " AND b.record_key = d.record_key AND b.waiting AND b.id < d.id)");
        List<Object> parameters = new ArrayList<>();
        add(sql, parameters, " AND d.consumer_group = ?", filter.group());
        add(sql, parameters, " AND d.topic = ?", filter.topic());
        add(sql, parameters, " AND d.record_key = ?", filter.key());
        parameters.add(limit);
        return jdbc.queryForList(sql.append(" ORDER BY d.id LIMIT ?").toString(), Long.class, parameters.toArray());
    }

    private static void add(StringBuilder sql, List<Object> parameters, String condition, @Nullable String value) {
        if (value != null) {
            sql.append(condition);
            parameters.add(value);
        }
    }

    Line line(long id) {
        return jdbc.query(COLUMNS + " WHERE id = ?", DeadLetterList::line, id).stream()
                .findFirst()
                .orElseThrow(
                        () -> new RefusedException(RefusalCode.DEAD_LETTER_NOT_FOUND, "There is no dead letter " + id));
    }

    Letter letter(long id) {
        Line line = line(id);
        ConsumerRecord<String, byte @Nullable []> record = store.find(id)
                .map(StoredRecord::toConsume)
                .orElseThrow(
                        () -> new RefusedException(RefusalCode.DEAD_LETTER_NOT_FOUND, "There is no dead letter " + id));
        Map<String, @Nullable String> headers = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            byte[] value = header.value();
            headers.put(header.key(), value == null ? null : text(value));
        }
        byte[] payload = record.value();
        return new Letter(line, headers, payload == null ? null : text(payload), payload == null ? 0 : payload.length);
    }

    private static String text(byte[] bytes) {
        int shown = Math.min(bytes.length, PAYLOAD_BYTES_SHOWN);
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return text.length() <= shown
                    ? text.toString()
                    : text.subSequence(0, shown).toString();
        } catch (CharacterCodingException notText) {
            return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, shown));
        }
    }

    private static Line line(ResultSet row, int number) throws SQLException {
        String settledAt = row.getString("settled_at");
        return new Line(
                row.getLong("id"),
                DeadLetterState.valueOf(row.getString("state")),
                row.getString("consumer_group"),
                row.getString("topic"),
                row.getInt("topic_partition"),
                row.getLong("topic_offset"),
                row.getString("record_key"),
                row.getInt("attempts"),
                row.getString("exception"),
                row.getString("problem"),
                Instant.parse(row.getString("filed_at")),
                settledAt == null ? null : Instant.parse(settledAt),
                row.getString("settled_by"),
                row.getString("reason"));
    }
}
