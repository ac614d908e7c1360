package dev.onsale.query.rebuild;

import dev.onsale.query.rebuild.Rebuildable.ReadTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.JdbcTemplate;

/** The temporary tables of one comparison, on one connection. */
final class SaleTables {

    static final String SUFFIX = "__sale";

    private static final int TOLD_MAX = 20;
    private static final int QUERY_SECONDS_MAX = 30;

    private final JdbcTemplate jdbc;
    private final String saleKey;
    private final long foldedTo;

    SaleTables(JdbcTemplate jdbc, String saleKey, long foldedTo) {
        this.jdbc = jdbc;
        this.jdbc.setQueryTimeout(QUERY_SECONDS_MAX);
        this.saleKey = saleKey;
        this.foldedTo = foldedTo;
    }

    /**
     * The newest fact of the sale that any row has seen. Facts of a sale come in order and all rows of one together, so
     * what is older than this and missing will not come any more.
     */
    long consumedTo(Collection<Rebuildable> projections) {
        long newest = 0;
        for (ReadTable table : projections.stream()
                .flatMap(projection -> projection.tables().stream())
                .toList()) {
            newest = Math.max(
                    newest,
                    number(
                            "SELECT COALESCE(MAX(" + table.position() + "), 0) FROM " + table.name() + " WHERE "
                                    + sale(table) + " = ?",
                            saleKey));
        }
        return newest;
    }

    SaleComparison.Compared compare(Rebuildable projection, Rebuildable.Folding folding, long consumedTo) {
        try {
            projection
                    .tables()
                    .forEach(table ->
                            jdbc.execute("CREATE TEMPORARY TABLE " + table.name() + SUFFIX + " LIKE " + table.name()));
            folding.flush(RowSink.inOrder(jdbc));
            long differences = 0;
            long behind = 0;
            List<String> first = new ArrayList<>();
            for (ReadTable table : projection.tables()) {
                Comparison comparison = new Comparison(table, consumedTo);
                behind += comparison.behind();
                differences += comparison.wrong() + comparison.surplus();
                comparison.tell(first);
            }
            return new SaleComparison.Compared(
                    projection.name(), differences, behind, first.subList(0, Math.min(first.size(), TOLD_MAX)), null);
        } finally {
            projection
                    .tables()
                    .forEach(table -> jdbc.execute("DROP TEMPORARY TABLE IF EXISTS " + table.name() + SUFFIX));
        }
    }

    private long number(String sql, Object... parameters) {
        return Objects.requireNonNull(jdbc.queryForObject(sql, Long.class, parameters));
    }

    private static String sale(ReadTable table) {
        return table.saleColumn().orElseThrow();
    }

    /** One table: the live rows beside those of the fold. */
    private final class Comparison {

        private final ReadTable table;
        private final String fromFold;
        private final String fromLive;
        private final String notYet;
        private final String wrong;

        Comparison(ReadTable table, long consumedTo) {
            this.table = table;
            String on = table.key().stream()
                    .map(column -> "live." + column + " = fold." + column)
                    .collect(Collectors.joining(" AND "));
            String anyKey = table.key().getFirst();
            String live = "live." + table.position();
            String fold = "fold." + table.position();
            this.fromFold = " FROM " + table.name() + SUFFIX + " fold LEFT JOIN " + table.name() + " live ON " + on;
            this.fromLive = " FROM " + table.name() + " live LEFT JOIN " + table.name() + SUFFIX + " fold ON " + on
                    + " WHERE live." + sale(table) + " = ? AND fold." + anyKey + " IS NULL AND " + live + " <= "
                    + foldedTo;
            String older = "(live." + anyKey + " IS NULL OR " + live + " < " + fold + ")";
            String mayCome = consumedTo == 0 ? "TRUE" : fold + " > " + consumedTo;
            this.notYet = older + " AND " + mayCome;
            String other = "NOT (" + table.same("live", "fold") + ")";
            this.wrong = "(" + older + " AND NOT (" + mayCome + ")) OR (" + live + " = " + fold + " AND " + other
                    + ") OR (" + live + " > " + fold + " AND " + live + " <= " + foldedTo + ")";
        }

        long behind() {
            return number("SELECT COUNT(*)" + fromFold + " WHERE " + notYet);
        }

        long wrong() {
            return number("SELECT COUNT(*)" + fromFold + " WHERE " + wrong);
        }

        long surplus() {
            return number("SELECT COUNT(*)" + fromLive, saleKey);
        }

        void tell(List<String> first) {
            List<String> columns = new ArrayList<>(table.compared());
            columns.add(table.position());
            String key = table.key().stream()
                    .map(column -> "fold." + column)
                    .collect(Collectors.joining(", ", "CONCAT_WS(' ', ", ")"));
            String values = columns.stream()
                    .map(column -> ", live." + column + ", fold." + column)
                    .collect(Collectors.joining());
            first.addAll(jdbc.query(
                    "SELECT " + key + ", live." + table.key().getFirst() + " IS NULL" + values + fromFold + " WHERE "
                            + wrong + " LIMIT " + TOLD_MAX,
                    (row, number) -> {
                        String who = table.name() + " " + row.getString(1);
                        if (row.getBoolean(2)) {
                            return who + " is missing";
                        }
                        List<String> said = new ArrayList<>();
                        for (int column : IntStream.range(0, columns.size()).toArray()) {
                            String is = row.getString(3 + 2 * column);
                            String should = row.getString(4 + 2 * column);
                            if (!Objects.equals(is, should)) {
                                said.add(columns.get(column) + " is " + is + " and should be " + should);
                            }
                        }
                        return who + ": " + String.join(", ", said);
                    }));
            first.addAll(jdbc.query(
                    "SELECT " + key.replace("fold.", "live.") + fromLive + " LIMIT " + TOLD_MAX,
                    (row, number) -> table.name() + " " + row.getString(1) + " should not be",
                    saleKey));
        }
    }
}
