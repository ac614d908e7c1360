package dev.onsale.query.consumption;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Writes rows in few round trips. A stored row gives way only to one with a greater guard, so that a consumer which lost
 * its partition and does not know it yet cannot undo what its successor wrote. Hibernate has no such statement.
 */
public final class GuardedUpsert<R> {

    private static final int BATCH_SIZE = 50;
    private static final int BUILDING_BATCH_SIZE = 1_000;

    private final String sql;
    private final String guard;
    private final List<String> columns;
    private final Function<R, @Nullable Object[]> values;
    private final int batchSize;

    /**
     * @param guard a column that only grows; written like the others
     * @param columns the columns besides the guard, keys among them
     * @param values of the columns in their order, then of the guard
     */
    public GuardedUpsert(String table, String guard, List<String> columns, Function<R, @Nullable Object[]> values) {
        this(table, guard, columns, values, BATCH_SIZE);
    }

    private GuardedUpsert(
            String table, String guard, List<String> columns, Function<R, @Nullable Object[]> values, int batchSize) {
        this.sql = sql(table, guard, columns);
        this.guard = guard;
        this.columns = columns;
        this.values = values;
        this.batchSize = batchSize;
    }

    /** The same for another table of the same columns, in greater batches: for a table that nobody reads yet. */
    public GuardedUpsert<R> into(String table) {
        return new GuardedUpsert<>(table, guard, columns, values, BUILDING_BATCH_SIZE);
    }

    public void write(JdbcOperations jdbc, Collection<R> rows) {
        if (!rows.isEmpty()) {
            jdbc.batchUpdate(sql, rows, batchSize, (statement, row) -> {
                @Nullable Object[] cells = values.apply(row);
                for (int i = 0; i < cells.length; i++) {
                    statement.setObject(i + 1, cells[i]);
                }
            });
        }
    }

    private static String sql(String table, String guard, List<String> columns) {
        // Assignments run from left to right: the guard comes last, or the others would compare with its new value.
        return "INSERT INTO " + table + " ("
                + Stream.concat(columns.stream(), Stream.of(guard)).collect(Collectors.joining(", "))
                + ") VALUES (" + "?, ".repeat(columns.size()) + "?) ON DUPLICATE KEY UPDATE "
                + columns.stream()
                        .map(column -> column + " = IF(VALUES(" + guard + ") > " + guard + ", VALUES(" + column + "), "
                                + column + "), ")
                        .collect(Collectors.joining())
                + guard + " = GREATEST(" + guard + ", VALUES(" + guard + "))";
    }
}
