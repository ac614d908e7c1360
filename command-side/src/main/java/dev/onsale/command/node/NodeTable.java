package dev.onsale.command.node;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The statements on the tables {@code node_lease} and {@code shard_owner}. */
final class NodeTable {

    private static final String FREE = " (node IS NULL OR node NOT IN (SELECT id FROM node_lease))";

    private final JdbcClient jdbc;
    private final NamedParameterJdbcTemplate named;
    private final TransactionTemplate transactions;
    private final long lapseMicros;

    NodeTable(DataSource dataSource, Duration lapse) {
        this.jdbc = JdbcClient.create(dataSource);
        this.named = new NamedParameterJdbcTemplate(dataSource);
        this.transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.lapseMicros = lapse.toNanos() / 1_000;
    }

    /** Who owns a shard, {@code null} for nobody. */
    record Owned(int shard, @Nullable String node, long epoch) {}

    void register(Member self) {
        jdbc.sql("INSERT INTO node_lease (id, state, process, host, pid, address, port, secret, renewals, since,"
                        + " held_until) VALUES (:id, :state, :process, :host, :pid, :address, :port, :secret, 0,"
                        + " UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL :lapse MICROSECOND)")
                .param("id", self.id())
                .param("state", self.state().name())
                .param("process", self.process())
                .param("host", self.host())
                .param("pid", self.pid())
                .param("address", self.address())
                .param("port", self.port())
                .param("secret", self.secret())
                .param("lapse", lapseMicros)
                .update();
    }

    /** Whether the lease was still there: one that has lapsed may be renewed until another node has removed it. */
    boolean renew(String id) {
        return jdbc.sql("UPDATE node_lease SET held_until = UTC_TIMESTAMP(3) + INTERVAL :lapse MICROSECOND,"
                                + " renewals = renewals + 1 WHERE id = :id")
                        .param("lapse", lapseMicros)
                        .param("id", id)
                        .update()
                == 1;
    }

    void describe(String id, Member.State state, int port, @Nullable String secret) {
        jdbc.sql("UPDATE node_lease SET state = :state, port = :port, secret = :secret WHERE id = :id")
                .param("state", state.name())
                .param("port", port)
                .param("secret", secret)
                .param("id", id)
                .update();
    }

    List<Member> members() {
        return jdbc.sql("SELECT id, state, process, host, pid, address, port, secret, renewals, since,"
                        + " held_until < UTC_TIMESTAMP(3) FROM node_lease ORDER BY id")
                .query((row, number) -> new Member(
                        row.getString(1),
                        Member.State.valueOf(row.getString(2)),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5),
                        row.getString(6),
                        row.getInt(7),
                        row.getString(8),
                        row.getLong(9),
                        row.getObject(10, LocalDateTime.class),
                        row.getBoolean(11)))
                .list();
    }

    List<Owned> shards() {
        return jdbc.sql("SELECT shard, node, epoch FROM shard_owner ORDER BY shard")
                .query((row, number) -> new Owned(row.getInt(1), row.getString(2), row.getLong(3)))
                .list();
    }

    /** Removes a lease that has lapsed, unless it was renewed meanwhile. */
    boolean removeLapsed(Member member) {
        return jdbc.sql("DELETE FROM node_lease WHERE id = :id AND renewals = :renewals"
                                + " AND held_until < UTC_TIMESTAMP(3)")
                        .param("id", member.id())
                        .param("renewals", member.renewals())
                        .update()
                == 1;
    }

    /** Removes the lease of a node that has ended. */
    boolean remove(String id) {
        return jdbc.sql("DELETE FROM node_lease WHERE id = :id").param("id", id).update() == 1;
    }

    /**
     * Takes shards that nobody with a lease owns. A shard whose row is locked is left for the next time, because the lock is that of a
     * write under way.
     *
     * @return how many were taken
     */
    int takeFree(String id, Collection<Integer> shards) {
        Integer taken = transactions.execute(status -> {
            List<Integer> free = named.queryForList(
                    "SELECT shard FROM shard_owner WHERE shard IN (:shards) AND" + FREE + " FOR UPDATE SKIP LOCKED",
                    Map.of("shards", shards),
                    Integer.class);
            return free.isEmpty()
                    ? 0
                    : named.update(
                            "UPDATE shard_owner SET node = :id, epoch = epoch + 1 WHERE shard IN (:shards)",
                            Map.of("id", id, "shards", free));
        });
        return taken == null ? 0 : taken;
    }

    /** Gives shards to another node that is ready; to nobody if it is not. */
    void handOver(String from, String to, Collection<Integer> shards) {
        named.update(
                "UPDATE shard_owner SET node = (SELECT id FROM node_lease WHERE id = :to AND state = 'READY'),"
                        + " epoch = epoch + 1 WHERE shard IN (:shards) AND node = :from",
                Map.of("from", from, "to", to, "shards", shards));
    }

    /** Frees all shards of a node and ends its lease. */
    void leave(String id) {
        transactions.executeWithoutResult(status -> {
            jdbc.sql("UPDATE shard_owner SET node = NULL, epoch = epoch + 1 WHERE node = :id")
                    .param("id", id)
                    .update();
            remove(id);
        });
    }
}
