package dev.onsale.eventlog;

import dev.onsale.api.RecordLimits;
import java.sql.ResultSet;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Looks at the server's settings once, at the start, where a wrong one costs a line and not a lost fact. */
final class StoreCheck implements InitializingBean {

    private final JdbcClient jdbc;

    StoreCheck(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void afterPropertiesSet() {
        Map<String, String> settings = new HashMap<>();
        // Older servers of MariaDB call the isolation level tx_isolation only.
        jdbc.sql(
                        "SHOW VARIABLES WHERE Variable_name IN ('max_allowed_packet', 'innodb_lock_wait_timeout', 'sql_mode',"
                                + " 'transaction_isolation', 'tx_isolation', 'auto_increment_increment', 'auto_increment_offset')")
                .query((ResultSet row) -> {
                    settings.put(row.getString(1), row.getString(2));
                });
        require(
                number(settings, "max_allowed_packet") >= RecordLimits.STATEMENT_BYTES_MIN,
                "max_allowed_packet is " + number(settings, "max_allowed_packet") + "; the event store needs "
                        + RecordLimits.STATEMENT_BYTES_MIN
                        + " or more");
        require(
                number(settings, "innodb_lock_wait_timeout") <= Gaps.LOCK_WAIT_MAX.toSeconds(),
                "innodb_lock_wait_timeout is " + number(settings, "innodb_lock_wait_timeout") + " s; with more than "
                        + Gaps.LOCK_WAIT_MAX.toSeconds()
                        + " s a follower could pass over a fact that is still on its way");
        // Without it a value that does not fit is changed, not refused, and the check of the shards does not hold.
        require(
                isStrict(settings.getOrDefault("sql_mode", "")),
                "sql_mode is '" + settings.get("sql_mode") + "'; the event store needs STRICT_TRANS_TABLES");
        String isolation = settings.getOrDefault("transaction_isolation", settings.getOrDefault("tx_isolation", ""));
        // With a stricter level a read locks rows that it does not return, and a takeover of shards would stop writers.
        require(
                isolation.equals("READ-COMMITTED"),
                "the isolation level of its connections is " + isolation
                        + "; run the server with transaction-isolation=READ-COMMITTED");
        // Positions are counted without steps; a cluster with several writers would leave a hole after each.
        require(
                number(settings, "auto_increment_increment") == 1 && number(settings, "auto_increment_offset") == 1,
                "auto_increment_increment is " + number(settings, "auto_increment_increment")
                        + " and auto_increment_offset is " + number(settings, "auto_increment_offset")
                        + "; the event store needs 1 and 1");
    }

    private static boolean isStrict(String sqlMode) {
        return sqlMode.contains("STRICT_TRANS_TABLES") || sqlMode.contains("STRICT_ALL_TABLES");
    }

    private static long number(Map<String, String> settings, String name) {
        return Long.parseLong(settings.getOrDefault(name, "0"));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("The database cannot be used: " + otherwise);
        }
    }
}
