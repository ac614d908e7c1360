package dev.onsale.saga.step;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Steps that need attention: they failed several times in a row, or nobody runs them although they are due. */
final class StuckSteps {

    /** Shorter series are normal: a gateway that is busy, a lost answer. */
    static final int FAILURES_MIN = 3;

    static final Duration OVERDUE_MIN = Duration.ofMinutes(1);

    private static final String IS_STUCK =
            "(consecutive_failures >= " + FAILURES_MIN + " OR (NOT picked AND execution_time < :overdue))";

    private final JdbcClient jdbc;

    StuckSteps(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Numbers of steps by kind.
     *
     * @param overdue how long the oldest due step waits to be run
     */
    record Counts(Map<String, Long> waiting, Map<String, Long> stuck, Duration overdue) {}

    /**
     * A step that needs attention.
     *
     * @param kind what it does, such as {@code authorize}
     * @param id mostly of the payment
     * @param due when it is tried next
     * @param failures tries in a row that failed
     * @param failedAt the last failure; absent if none failed
     * @param running whether a node works on it at this moment
     */
    record StuckStep(
            String kind,
            String id,
            Instant due,
            int failures,
            @Nullable Instant failedAt,
            boolean running) {}

    Counts count(Instant now) {
        Map<String, Long> waiting = new HashMap<>();
        Map<String, Long> stuck = new HashMap<>();
        LocalDateTime[] oldest = new LocalDateTime[1];
        jdbc.sql("SELECT task_name, COUNT(*), SUM(" + IS_STUCK + "), MIN(IF(picked, NULL, execution_time))"
                        + " FROM saga_step GROUP BY task_name")
                .param("overdue", StepTable.utc(now.minus(OVERDUE_MIN)))
                .query(row -> {
                    waiting.put(row.getString(1), row.getLong(2));
                    stuck.put(row.getString(1), row.getLong(3));
                    LocalDateTime first = row.getObject(4, LocalDateTime.class);
                    if (first != null && (oldest[0] == null || first.isBefore(oldest[0]))) {
                        oldest[0] = first;
                    }
                });
        Duration overdue = oldest[0] == null ? Duration.ZERO : Duration.between(instant(oldest[0]), now);
        return new Counts(waiting, stuck, overdue.isNegative() ? Duration.ZERO : overdue);
    }

    /** The steps that need attention, the longest waiting first. */
    List<StuckStep> list(Instant now, int limit) {
        return jdbc.sql("SELECT task_name, task_instance, execution_time, consecutive_failures, last_failure, picked"
                        + " FROM saga_step WHERE " + IS_STUCK + " ORDER BY execution_time, task_instance LIMIT :limit")
                .param("overdue", StepTable.utc(now.minus(OVERDUE_MIN)))
                .param("limit", limit)
                .query((row, number) -> {
                    LocalDateTime failed = row.getObject(5, LocalDateTime.class);
                    return new StuckStep(
                            row.getString(1),
                            row.getString(2),
                            instant(row.getObject(3, LocalDateTime.class)),
                            row.getInt(4),
                            failed == null ? null : instant(failed),
                            row.getBoolean(6));
                })
                .list();
    }

    /**
     * Makes a step due at once, unless a node works on it.
     *
     * @return whether there is such a step that nobody works on
     */
    boolean retryNow(String kind, String id, Instant now) {
        return jdbc.sql("UPDATE saga_step SET execution_time = :now, version = version + 1"
                                + " WHERE task_name = :kind AND task_instance = :id AND NOT picked")
                        .param("now", StepTable.utc(now))
                        .param("kind", kind)
                        .param("id", id)
                        .update()
                > 0;
    }

    /** Whether there is such a step at all. */
    boolean exists(String kind, String id) {
        return jdbc.sql("SELECT COUNT(*) FROM saga_step WHERE task_name = :kind AND task_instance = :id")
                        .param("kind", kind)
                        .param("id", id)
                        .query(Long.class)
                        .single()
                > 0;
    }

    private static Instant instant(LocalDateTime utc) {
        return utc.toInstant(ZoneOffset.UTC);
    }
}
