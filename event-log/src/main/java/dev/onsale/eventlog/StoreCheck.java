package dev.onsale.eventlog;

import dev.onsale.api.RecordLimits;
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
        Map<String, Object> settings = jdbc.sql("SELECT @@max_allowed_packet AS packet,"
                        + " @@innodb_lock_wait_timeout AS lock_wait, @@sql_mode AS sql_mode,"
                        + " @@auto_increment_increment AS increment")
                .query()
                .singleRow();
        require(
                number(settings, "packet") >= RecordLimits.STATEMENT_BYTES_MIN,
                "max_allowed_packet is " + number(settings, "packet") + "; the event store needs "
                        + RecordLimits.STATEMENT_BYTES_MIN
                        + " or more");
        require(
                number(settings, "lock_wait") <= Gaps.LOCK_WAIT_MAX.toSeconds(),
                "innodb_lock_wait_timeout is " + number(settings, "lock_wait") + " s; with more than "
                        + Gaps.LOCK_WAIT_MAX.toSeconds()
                        + " s a follower could pass over a fact that is still on its way");
        // Without it a value that does not fit is changed, not refused, and the command node's fence does not hold.
        require(
                isStrict(String.valueOf(settings.get("sql_mode"))),
                "sql_mode is '" + settings.get("sql_mode") + "'; the event store needs STRICT_TRANS_TABLES");
        // In every innodb_autoinc_lock_mode the rows of one INSERT with a known number of rows have consecutive
        // numbers.
        require(
                number(settings, "increment") == 1,
                "auto_increment_increment is " + number(settings, "increment")
                        + "; the event store needs 1, because a missing position is an unfinished transaction");
    }

    private static boolean isStrict(String sqlMode) {
        return sqlMode.contains("STRICT_TRANS_TABLES") || sqlMode.contains("STRICT_ALL_TABLES");
    }

    private static long number(Map<String, Object> settings, String name) {
        return settings.get(name) instanceof Number value ? value.longValue() : 0;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("The database cannot be used: " + otherwise);
        }
    }
}
