package dev.onsale.command.publishing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.axonframework.eventhandling.DomainEventMessage;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The sales whose facts are held back because Kafka refused one of them. Rows are written in the transaction that moves the
 * publisher's token, so a fact is either published or in here.
 */
final class HeldSales {

    private static final int REASON_LENGTH_MAX = 1_000;
    private static final String HELD_SALES = "SELECT s.sale_key, s.position, s.reason, s.held_at,"
            + " (SELECT COUNT(*) FROM publisher_held_fact f WHERE f.sale_key = s.sale_key) FROM publisher_held_sale s";

    private final JdbcClient jdbc;
    private final Clock clock;

    HeldSales(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * @param position of the fact that Kafka refused, in the log
     * @param facts how many facts are held, the refused one included
     */
    record HeldSale(String saleKey, long position, String reason, Instant heldAt, long facts) {}

    /**
     * @param refusal why Kafka refused it
     * @param reason why the operator gave it up
     */
    record DroppedFact(
            String saleKey,
            long position,
            String aggregateId,
            long sequence,
            String refusal,
            String reason,
            String droppedBy,
            Instant droppedAt) {}

    record HeldFact(long position, String aggregateId, long sequence) {}

    /** The keys of all held sales; locked until the end of the transaction, because a retry may be about to remove one. */
    Set<String> lockedKeys() {
        return new HashSet<>(jdbc.sql("SELECT sale_key FROM publisher_held_sale FOR UPDATE")
                .query(String.class)
                .list());
    }

    /** Locks one sale against the publisher and other retries. */
    boolean lock(String saleKey) {
        return jdbc.sql("SELECT sale_key FROM publisher_held_sale WHERE sale_key = ? FOR UPDATE")
                .param(saleKey)
                .query(String.class)
                .optional()
                .isPresent();
    }

    void begin(PendingRecord refused, String reason) {
        jdbc.sql("INSERT INTO publisher_held_sale (sale_key, position, reason, held_at) VALUES (?, ?, ?, ?)"
                        + " ON DUPLICATE KEY UPDATE position = VALUES(position), reason = VALUES(reason)")
                .params(refused.saleKey(), refused.position(), shortened(reason), clock.millis())
                .update();
    }

    void add(PendingRecord held) {
        if (!(held.message() instanceof DomainEventMessage<?> fact)) {
            throw new IllegalStateException("Only facts of aggregates are published");
        }
        jdbc.sql("INSERT IGNORE INTO publisher_held_fact (sale_key, position, aggregate_identifier, sequence_number)"
                        + " VALUES (?, ?, ?, ?)")
                .params(held.saleKey(), held.position(), fact.getAggregateIdentifier(), fact.getSequenceNumber())
                .update();
    }

    List<HeldFact> first(String saleKey, int limit) {
        return jdbc.sql("SELECT position, aggregate_identifier, sequence_number FROM publisher_held_fact"
                        + " WHERE sale_key = ? ORDER BY position LIMIT ?")
                .params(saleKey, limit)
                .query((row, number) -> new HeldFact(row.getLong(1), row.getString(2), row.getLong(3)))
                .list();
    }

    /**
     * Gives up the first held fact and records who did it and why.
     *
     * @return whether the fact at this position was the first
     */
    boolean drop(String saleKey, long position, String operator, String reason) {
        Optional<HeldFact> first = first(saleKey, 1).stream()
                .filter(fact -> fact.position() == position)
                .findFirst();
        first.ifPresent(fact -> {
            jdbc.sql("INSERT INTO publisher_dropped_fact (sale_key, position, aggregate_identifier, sequence_number,"
                            + " refusal, reason, dropped_by, dropped_at)"
                            + " SELECT sale_key, ?, ?, ?, reason, ?, ?, ? FROM publisher_held_sale WHERE sale_key = ?")
                    .params(position, fact.aggregateId(), fact.sequence(), reason, operator, clock.millis(), saleKey)
                    .update();
            removeUpTo(saleKey, position);
        });
        return first.isPresent();
    }

    /** The facts that were given up, the newest first. */
    List<DroppedFact> dropped(int limit) {
        return jdbc.sql("SELECT sale_key, position, aggregate_identifier, sequence_number, refusal, reason, dropped_by,"
                        + " dropped_at FROM publisher_dropped_fact ORDER BY dropped_at DESC, position DESC LIMIT ?")
                .param(limit)
                .query((row, number) -> new DroppedFact(
                        row.getString(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getLong(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        Instant.ofEpochMilli(row.getLong(8))))
                .list();
    }

    /** Removes the facts up to a position, and the sale with its last fact. */
    void removeUpTo(String saleKey, long position) {
        jdbc.sql("DELETE FROM publisher_held_fact WHERE sale_key = ? AND position <= ?")
                .params(saleKey, position)
                .update();
        jdbc.sql("DELETE FROM publisher_held_sale WHERE sale_key = ?"
                        + " AND NOT EXISTS (SELECT 1 FROM publisher_held_fact f WHERE f.sale_key = ?)")
                .params(saleKey, saleKey)
                .update();
    }

    List<HeldSale> all(int limit) {
        return jdbc.sql(HELD_SALES + " ORDER BY s.held_at, s.sale_key LIMIT ?")
                .param(limit)
                .query(HeldSales::heldSale)
                .list();
    }

    Optional<HeldSale> find(String saleKey) {
        return jdbc.sql(HELD_SALES + " WHERE s.sale_key = ?")
                .param(saleKey)
                .query(HeldSales::heldSale)
                .optional();
    }

    private static HeldSale heldSale(ResultSet row, int number) throws SQLException {
        return new HeldSale(
                row.getString(1),
                row.getLong(2),
                row.getString(3),
                Instant.ofEpochMilli(row.getLong(4)),
                row.getLong(5));
    }

    long facts() {
        return jdbc.sql("SELECT COUNT(*) FROM publisher_held_fact")
                .query(Long.class)
                .single();
    }

    long sales() {
        return jdbc.sql("SELECT COUNT(*) FROM publisher_held_sale")
                .query(Long.class)
                .single();
    }

    private static String shortened(String reason) {
        return reason.length() <= REASON_LENGTH_MAX ? reason : reason.substring(0, REASON_LENGTH_MAX);
    }
}
