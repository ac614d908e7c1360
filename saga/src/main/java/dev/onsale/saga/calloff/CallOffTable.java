package dev.onsale.saga.calloff;

import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.performance.PerformanceCalledOff;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The rows of shows that were called off. Counts are counted, never kept, so that no crash can make them wrong. */
@Component
class CallOffTable {

    private static final int FAILURE_LENGTH_MAX = 500;
    private static final int FAILURES_SHOWN_MAX = 100;

    private final JdbcClient jdbc;

    private final TransactionTemplate transactions;

    CallOffTable(DataSource dataSource, PlatformTransactionManager transactions) {
        this.jdbc = JdbcClient.create(dataSource);
        this.transactions = new TransactionTemplate(transactions);
    }

    enum Outcome {
        OPEN,
        RELEASED,
        REVOKED,
        ENDED_BEFORE,
        FAILED
    }

    enum Refund {
        NONE,
        OPEN,
        REFUNDED,
        VOIDED,
        FAILED
    }

    /**
     * @param scannedTo the last seat that was looked at
     * @param isScanned whether all seats were looked at
     */
    record CallOff(
            PerformanceId performanceId,
            OperatorId operator,
            String reason,
            Instant at,
            String scannedTo,
            boolean isScanned,
            boolean isPaused) {}

    record Failure(ReservationId reservationId, Refund refund, String failure) {}

    void begin(PerformanceCalledOff fact, String scannedTo) {
        jdbc.sql("INSERT IGNORE INTO call_off (performance_id, operator, reason, called_off_at, scanned_to)"
                        + " VALUES (?, ?, ?, ?, ?)")
                .params(
                        fact.performanceId().toString(),
                        fact.operator().toString(),
                        fact.reason(),
                        LocalDateTime.ofInstant(fact.at(), ZoneOffset.UTC),
                        scannedTo)
                .update();
    }

    Optional<CallOff> find(PerformanceId performance) {
        return jdbc.sql("SELECT * FROM call_off WHERE performance_id = ?")
                .param(performance.toString())
                .query((row, index) -> new CallOff(
                        performance,
                        OperatorId.of(row.getString("operator")),
                        row.getString("reason"),
                        row.getObject("called_off_at", LocalDateTime.class).toInstant(ZoneOffset.UTC),
                        row.getString("scanned_to"),
                        row.getBoolean("scanned"),
                        row.getBoolean("paused")))
                .optional();
    }

    boolean pause(PerformanceId performance, boolean paused) {
        return jdbc.sql("UPDATE call_off SET paused = ? WHERE performance_id = ?")
                        .params(paused, performance.toString())
                        .update()
                > 0;
    }

    /** Some reservations of an outcome. */
    List<ReservationId> next(PerformanceId performance, Outcome outcome, int limit) {
        return jdbc.sql("SELECT reservation_id FROM call_off_reservation WHERE performance_id = ? AND outcome = ?"
                        + " LIMIT ?")
                .params(performance.toString(), outcome.name(), limit)
                .query((row, index) -> ReservationId.of(row.getString(1)))
                .list();
    }

    /** Found reservations and the place of the scan are one transaction: none is skipped. */
    void found(PerformanceId performance, Collection<ReservationId> reservations, String scannedTo, boolean isLast) {
        transactions.executeWithoutResult(transaction -> write(performance, reservations, scannedTo, isLast));
    }

    private void write(
            PerformanceId performance, Collection<ReservationId> reservations, String scannedTo, boolean isLast) {
        for (ReservationId reservation : reservations) {
            jdbc.sql("INSERT IGNORE INTO call_off_reservation (reservation_id, performance_id, outcome, refund)"
                            + " VALUES (?, ?, 'OPEN', 'NONE')")
                    .params(reservation.toString(), performance.toString())
                    .update();
        }
        jdbc.sql("UPDATE call_off SET scanned_to = ?, scanned = ? WHERE performance_id = ?")
                .params(scannedTo, isLast, performance.toString())
                .update();
    }

    /** The money may be back before this is written. */
    void ended(ReservationId reservation, Outcome outcome, @Nullable String failure) {
        jdbc.sql("UPDATE call_off_reservation SET outcome = ?, failure = ?, refund ="
                        + " CASE WHEN ? AND refund = 'NONE' THEN 'OPEN' ELSE refund END WHERE reservation_id = ?")
                .param(outcome.name())
                .param(shortened(failure))
                .param(outcome == Outcome.REVOKED)
                .param(reservation.toString())
                .update();
    }

    private static @Nullable String shortened(@Nullable String failure) {
        return failure == null || failure.length() <= FAILURE_LENGTH_MAX
                ? failure
                : failure.substring(0, FAILURE_LENGTH_MAX);
    }

    /** Changes nothing for a reservation of another show. */
    void refunded(ReservationId reservation, Refund refund, @Nullable String failure) {
        jdbc.sql("UPDATE call_off_reservation SET refund = ?, failure = ? WHERE reservation_id = ?"
                        + " AND outcome <> 'ENDED_BEFORE' AND refund <> 'REFUNDED'")
                .param(refund.name())
                .param(shortened(failure))
                .param(reservation.toString())
                .update();
    }

    int openRefunds(PerformanceId performance) {
        return jdbc.sql("SELECT COUNT(*) FROM call_off_reservation WHERE performance_id = ? AND outcome = 'REVOKED'"
                        + " AND refund = 'OPEN'")
                .param(performance.toString())
                .query(Integer.class)
                .single();
    }

    /** Number of reservations by {@code outcome}, or by {@code refund}. */
    Map<String, Integer> counts(PerformanceId performance, String column) {
        Map<String, Integer> counts = new TreeMap<>();
        String name = column.equals("refund") ? "refund" : "outcome";
        jdbc.sql("SELECT " + name + ", COUNT(*) FROM call_off_reservation WHERE performance_id = ? GROUP BY " + name)
                .param(performance.toString())
                .query(row -> {
                    counts.put(row.getString(1), row.getInt(2));
                });
        return counts;
    }

    List<Failure> failures(PerformanceId performance) {
        return jdbc.sql("SELECT reservation_id, refund, failure FROM call_off_reservation WHERE performance_id = ?"
                        + " AND failure IS NOT NULL ORDER BY reservation_id LIMIT " + FAILURES_SHOWN_MAX)
                .param(performance.toString())
                .query((row, index) -> new Failure(
                        ReservationId.of(row.getString("reservation_id")),
                        Refund.valueOf(row.getString("refund")),
                        row.getString("failure")))
                .list();
    }
}
