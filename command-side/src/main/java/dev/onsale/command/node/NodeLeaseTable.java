package dev.onsale.command.node;

import java.time.Duration;
import java.time.LocalDateTime;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The statements on the table {@code command_node}. Only the database's clock counts. */
final class NodeLeaseTable {

    private final JdbcClient jdbc;
    private final long lapseMicros;

    NodeLeaseTable(DataSource dataSource, Duration lapse) {
        this.jdbc = JdbcClient.create(dataSource);
        this.lapseMicros = lapse.toNanos() / 1_000;
    }

    record Holder(String owner, String host, long pid, long epoch, LocalDateTime since, LocalDateTime heldUntil) {}

    /** Whether the lease was free or lapsed, and is this owner's now. */
    boolean take(String owner, String host, long pid) {
        return jdbc.sql("UPDATE command_node SET owner = :owner, host = :host, pid = :pid, epoch = epoch + 1,"
                                + " since = UTC_TIMESTAMP(3),"
                                + " held_until = UTC_TIMESTAMP(3) + INTERVAL :lapse MICROSECOND"
                                + " WHERE id = 1 AND held_until < UTC_TIMESTAMP(3)")
                        .param("owner", owner)
                        .param("host", host)
                        .param("pid", pid)
                        .param("lapse", lapseMicros)
                        .update()
                == 1;
    }

    /** Whether the lease still was this owner's. */
    boolean renew(String owner, long epoch) {
        return jdbc.sql("UPDATE command_node SET held_until = UTC_TIMESTAMP(3) + INTERVAL :lapse MICROSECOND"
                                + " WHERE id = 1 AND owner = :owner AND epoch = :epoch")
                        .param("lapse", lapseMicros)
                        .param("owner", owner)
                        .param("epoch", epoch)
                        .update()
                == 1;
    }

    /** The epoch goes up too: what the former owner has under way is not written any more. */
    void release(String owner, long epoch) {
        jdbc.sql("UPDATE command_node SET held_until = '1970-01-01 00:00:01', epoch = epoch + 1"
                        + " WHERE id = 1 AND owner = :owner AND epoch = :epoch")
                .param("owner", owner)
                .param("epoch", epoch)
                .update();
    }

    Holder holder() {
        return jdbc.sql("SELECT owner, host, pid, epoch, since, held_until FROM command_node WHERE id = 1")
                .query((row, number) -> new Holder(
                        row.getString(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getObject(5, LocalDateTime.class),
                        row.getObject(6, LocalDateTime.class)))
                .single();
    }
}
