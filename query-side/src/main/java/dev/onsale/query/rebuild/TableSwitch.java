package dev.onsale.query.rebuild;

import dev.onsale.query.readmodel.ReadModel;
import dev.onsale.query.rebuild.RebuildStatus.Direction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes, compares and exchanges tables. RENAME TABLE takes all tables of a projection at once: a reader sees the old ones or
 * the new ones, and never waits for longer than the running statements do.
 */
@Component
class TableSwitch {

    static final String NEXT = "__next";
    static final String BEFORE = "__before";

    private static final int LOCK_SECONDS_MAX = 10;

    private final DataSource dataSource;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final Generations generations;

    TableSwitch(DataSource dataSource, Generations generations) {
        this.dataSource = dataSource;
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.generations = generations;
    }

    /** Tables beside the live ones: empty, or those before the last switch. */
    void make(ReadModel<?> projection, Direction direction) {
        List<String> statements = new ArrayList<>(drop(projection, NEXT));
        if (direction == Direction.BACK) {
            statements.add("RENAME TABLE " + renamed(projection, BEFORE, NEXT));
        } else {
            projection
                    .tables()
                    .forEach(table -> statements.add("CREATE TABLE " + table.name() + NEXT + " LIKE " + table.name()));
        }
        change(projection, statements);
    }

    /** Gives tables that will not take the place of the live ones up, or puts them back to where they were. */
    void giveUp(ReadModel<?> projection, Direction direction) {
        if (direction == Direction.FORWARD || isThere(projection, BEFORE)) {
            change(projection, drop(projection, NEXT));
        } else if (isThere(projection, NEXT)) {
            change(projection, List.of("RENAME TABLE " + renamed(projection, NEXT, BEFORE)));
        }
    }

    private static List<String> drop(ReadModel<?> projection, String suffix) {
        return projection.tables().stream()
                .map(table -> "DROP TABLE IF EXISTS " + table.name() + suffix)
                .toList();
    }

    private static String renamed(ReadModel<?> projection, String from, String to) {
        return projection.tables().stream()
                .map(table -> table.name() + from + " TO " + table.name() + to)
                .collect(Collectors.joining(", "));
    }

    boolean isThere(ReadModel<?> projection, String suffix) {
        return projection.tables().stream().allMatch(table -> {
            Long found = jdbc.queryForObject(
                    "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?",
                    Long.class,
                    table.name() + suffix);
            return found != null && found == 1;
        });
    }

    /**
     * Rows that say something else than the other tables, that those do not have, or that only those have. What is only
     * missing or behind counts if the consumers do not bring it within the patience.
     */
    long differences(ReadModel<?> projection, long builtTo, Duration patience) {
        List<TableComparison> comparisons = projection.tables().stream()
                .map(table -> new TableComparison(jdbc, table, NEXT, builtTo))
                .toList();
        long missing = missing(comparisons, Long.MAX_VALUE, patience);
        return missing
                + comparisons.stream().mapToLong(TableComparison::ofLiveRows).sum();
    }

    private static long missing(List<TableComparison> comparisons, long before, Duration patience) {
        long missing =
                comparisons.stream().mapToLong(TableComparison::ofMissingRows).sum();
        boolean mayCome =
                missing > 0 && missing < before && !Thread.currentThread().isInterrupted();
        if (!mayCome) {
            return missing;
        }
        // The fold does not grow meanwhile: what is missing can only become less.
        LockSupport.parkNanos(patience.toNanos());
        return missing(comparisons, missing, patience);
    }

    /**
     * Exchanges the tables while no consumer writes.
     *
     * @param rest brings the other tables up to all that is committed
     */
    void exchange(ReadModel<?> projection, Runnable rest) {
        transaction.executeWithoutResult(status -> {
            jdbc.queryForObject("SELECT id FROM projection_turn WHERE id = 1 FOR UPDATE", Long.class);
            rest.run();
            generations.next(jdbc, projection.name());
            // On a connection of its own: in this transaction it would commit, and let the consumers go, too early.
            rename(projection);
        });
        generations.forget(projection.name());
    }

    /** What was left to do after the tables were exchanged. */
    void generationAfterExchange(ReadModel<?> projection) {
        generations.next(jdbc, projection.name());
        generations.forget(projection.name());
    }

    private void rename(ReadModel<?> projection) {
        List<String> statements = new ArrayList<>(drop(projection, BEFORE));
        statements.add("RENAME TABLE " + renamed(projection, "", BEFORE) + ", " + renamed(projection, NEXT, ""));
        change(projection, statements);
    }

    /** On a connection of its own: each statement commits the transaction that it is in. */
    private void change(ReadModel<?> projection, List<String> statements) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION lock_wait_timeout = " + LOCK_SECONDS_MAX);
            for (String sql : statements) {
                statement.execute(sql);
            }
            statement.execute("SET SESSION lock_wait_timeout = DEFAULT");
        } catch (SQLException failure) {
            throw new IllegalStateException("The tables of " + projection.name() + " could not be changed", failure);
        }
    }
}
