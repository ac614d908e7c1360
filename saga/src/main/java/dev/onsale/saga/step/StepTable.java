package dev.onsale.saga.step;

import dev.onsale.eventlog.EventJson;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The rows of db-scheduler's table, many at once. Instants are written as the scheduler writes them: as UTC, whatever the
 * session's time zone. A row that this node works on looks to the scheduler like one that it has picked itself, so a node
 * that dies is found out by its missing heartbeat.
 */
final class StepTable {

    private final JdbcOperations jdbc;
    private final String node;

    /**
     * @param node under which rows are worked on, at most 50 characters, never used by another node
     */
    StepTable(JdbcOperations jdbc, String node) {
        this.jdbc = jdbc;
        this.node = node;
    }

    /** Which step it is, whatever it carries. */
    record StepKey(String kind, String id) {
        static StepKey of(Step step) {
            return new StepKey(step.kind(), step.id());
        }
    }

    /**
     * @param mine whether this node works on it from the moment it is written
     */
    record NewRow(Step step, Instant due, boolean mine) {}

    /**
     * @param failures tries in a row that failed
     */
    record GivenBack(Step step, Instant due, int failures) {}

    Set<StepKey> existing(Collection<StepKey> keys) {
        Set<StepKey> existing = new HashSet<>();
        byKind(keys)
                .forEach((kind, ids) -> jdbc.query(
                        "SELECT task_instance FROM saga_step WHERE task_name = ? AND task_instance IN ("
                                + placeholders("?", ids.size()) + ")",
                        row -> {
                            existing.add(new StepKey(kind, row.getString(1)));
                        },
                        arguments(ids, kind)));
        return existing;
    }

    void insert(List<NewRow> rows, Instant now) {
        if (rows.isEmpty()) {
            return;
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (NewRow row : rows) {
            values.add(row.step().kind());
            values.add(row.step().id());
            values.add(EventJson.mapper().writeValueAsBytes(row.step()));
            values.add(utc(row.due()));
            values.add(row.mine());
            values.add(row.mine() ? node : null);
            values.add(row.mine() ? utc(now) : null);
        }
        jdbc.update(
                "INSERT INTO saga_step (task_name, task_instance, task_data, execution_time, picked, picked_by,"
                        + " last_heartbeat, version) VALUES " + placeholders("(?, ?, ?, ?, ?, ?, ?, 1)", rows.size())
                        // A row that another node wrote meanwhile is the same step, and stays as it is.
                        + " ON DUPLICATE KEY UPDATE version = saga_step.version",
                values.toArray());
    }

    /** Removes what this node has done; a row that another node took over meanwhile stays. */
    void remove(Collection<StepKey> done) {
        byKind(done)
                .forEach((kind, ids) -> jdbc.update(
                        "DELETE FROM saga_step WHERE task_name = ? AND picked_by = ? AND task_instance IN ("
                                + placeholders("?", ids.size()) + ")",
                        arguments(ids, kind, node)));
    }

    /** Leaves the next try to whichever node finds the row due. */
    void giveBack(List<GivenBack> rows, Instant now) {
        if (rows.isEmpty()) {
            return;
        }
        List<@Nullable Object[]> values = new ArrayList<>();
        for (GivenBack row : rows) {
            values.add(new @Nullable Object[] {
                utc(row.due()),
                EventJson.mapper().writeValueAsBytes(row.step()),
                row.failures(),
                row.failures() > 0 ? utc(now) : null,
                row.step().kind(),
                row.step().id(),
                node
            });
        }
        jdbc.batchUpdate(
                "UPDATE saga_step SET picked = FALSE, picked_by = NULL, last_heartbeat = NULL, execution_time = ?,"
                        + " task_data = ?, consecutive_failures = ?, last_failure = ?, version = version + 1"
                        + " WHERE task_name = ? AND task_instance = ? AND picked_by = ?",
                values);
    }

    /** Says that this node still works on its rows; by the index of heartbeats, which has no entry for a row that waits. */
    void heartbeat(Instant now) {
        jdbc.update(
                "UPDATE saga_step SET last_heartbeat = ? WHERE last_heartbeat < ? AND picked_by = ?",
                utc(now),
                utc(now),
                node);
    }

    static LocalDateTime utc(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    private static Map<String, List<String>> byKind(Collection<StepKey> keys) {
        Map<String, List<String>> ids = new LinkedHashMap<>();
        for (StepKey key : keys) {
            ids.computeIfAbsent(key.kind(), kind -> new ArrayList<>()).add(key.id());
        }
        return ids;
    }

    private static Object[] arguments(List<String> ids, String... first) {
        List<Object> arguments = new ArrayList<>(List.of(first));
        arguments.addAll(ids);
        return arguments.toArray();
    }

    private static String placeholders(String one, int times) {
        return String.join(", ", Collections.nCopies(times, one));
    }
}
