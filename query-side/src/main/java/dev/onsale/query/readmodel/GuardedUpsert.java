package dev.onsale.query.readmodel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Writes rows in few round trips. A stored row gives way only to one with a greater guard, so that a consumer which lost
 * its partition and does not know it yet cannot undo what its successor wrote. Hibernate has no such statement.
 */
public final class GuardedUpsert<R> {

    private static final int BATCH_SIZE = 50;
    private static final int BULK_BATCH_SIZE = 1_000;

    private final String sql;
    private final List<EntityColumn> columns;
    private final int batchSize;

    /**
     * @param isBulk whether nobody reads the table yet, so that batches may be greater
     * @param guard one of the columns, which only grows
     */
    GuardedUpsert(String table, boolean isBulk, String guard, List<EntityColumn> columns) {
        // Assignments run from left to right: the guard comes last, or the others would compare with its new value.
        this.columns = new ArrayList<>(columns);
        this.columns.sort((one, other) ->
                Boolean.compare(one.name().equals(guard), other.name().equals(guard)));
        this.batchSize = isBulk ? BULK_BATCH_SIZE : BATCH_SIZE;
        this.sql =
                sql(table, guard, this.columns.stream().map(EntityColumn::name).toList());
    }

    public void write(JdbcOperations jdbc, Collection<R> rows) {
        if (!rows.isEmpty()) {
            jdbc.batchUpdate(sql, rows, batchSize, (statement, row) -> {
                for (int index = 0; index < columns.size(); index++) {
                    statement.setObject(index + 1, columns.get(index).value(row));
                }
            });
        }
    }

    private static String sql(String table, String guard, List<String> columns) {
        return "INSERT INTO " + table + " (" + String.join(", ", columns) + ") VALUES ("
                + columns.stream().map(column -> "?").collect(Collectors.joining(", "))
                + ") ON DUPLICATE KEY UPDATE "
                + columns.subList(0, columns.size() - 1).stream()
                        .map(column -> column + " = IF(VALUES(" + guard + ") > " + guard + ", VALUES(" + column + "), "
                                + column + "), ")
                        .collect(Collectors.joining())
                + guard + " = GREATEST(" + guard + ", VALUES(" + guard + "))";
    }
}
