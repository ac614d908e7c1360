package dev.onsale.query.rebuild;

import dev.onsale.query.readmodel.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/** Compares the live table of a declaration with the same table beside it, which was folded from the log. */
public final class TableComparison {

    private static final int TOLD_MAX = 20;

    private final JdbcTemplate jdbc;
    private final Table<?, ?> table;
    private final String fold;
    private final long foldedTo;
    private final String on;
    private final String anyKey;
    private final String livePosition;
    private final String foldPosition;

    /**
     * @param suffix of the name of the folded table
     * @param foldedTo position of the log up to which it was folded
     */
    public TableComparison(JdbcTemplate jdbc, Table<?, ?> table, String suffix, long foldedTo) {
        this.jdbc = jdbc;
        this.table = table;
        this.fold = table.name() + suffix;
        this.foldedTo = foldedTo;
        this.on = table.key().stream()
                .map(column -> "live." + column + " = fold." + column)
                .collect(Collectors.joining(" AND ", " ON ", ""));
        this.anyKey = table.key().getFirst();
        this.livePosition = "live." + table.position();
        this.foldPosition = "fold." + table.position();
    }

    /** Counts live rows that the fold does not have, that say something else, or that claim to have seen more: one pass. */
    public long ofLiveRows() {
        return count(fromLive() + " WHERE " + surplus() + " OR " + different() + " OR " + tooNew());
    }

    /** Counts rows of the fold that the live table does not have, or not as new: they may still come. */
    public long ofMissingRows() {
        return count(fromFold() + older());
    }

    /**
     * Compares the rows of one sale, those included that the live table does not have.
     *
     * @param consumedTo the newest fact of the sale that any live row has seen, 0 if there is none: what is older and
     *     missing will not come any more
     */
    public void ofSale(String saleKey, long consumedTo, Differences differences) {
        String older = older();
        String mayCome = consumedTo == 0 ? "TRUE" : foldPosition + " > " + consumedTo;
        String fromFold = fromFold();
        String wrong = fromFold + "(" + older + " AND NOT (" + mayCome + ")) OR " + different() + " OR " + tooNew();
        String surplus = fromLive() + " WHERE live." + table.saleColumn().orElseThrow() + " = ? AND " + surplus();
        differences.addBehind(count(fromFold + older + " AND " + mayCome));
        differences.add(count(wrong), wrongInWords(wrong));
        differences.add(count(surplus, saleKey), surplusInWords(surplus, saleKey));
    }

    private String older() {
        return "(live." + anyKey + " IS NULL OR " + livePosition + " < " + foldPosition + ")";
    }

    /** No fact of the row lies between the two positions, or no fact at all is that new. */
    private String tooNew() {
        return "(" + livePosition + " > " + foldPosition + " AND (" + livePosition + " <= " + foldedTo + " OR "
                + isBeyondTheLog() + "))";
    }

    private String isBeyondTheLog() {
        return livePosition + " > (SELECT MAX(global_index) FROM domain_event)";
    }

    private String fromFold() {
        return " FROM " + fold + " fold LEFT JOIN " + table.name() + " live" + on + " WHERE ";
    }

    private String fromLive() {
        return " FROM " + table.name() + " live LEFT JOIN " + fold + " fold" + on;
    }

    private String surplus() {
        return "(fold." + anyKey + " IS NULL AND (" + livePosition + " <= " + foldedTo + " OR " + isBeyondTheLog()
                + "))";
    }

    /** Compared as bytes: a collation takes texts for equal that are not, and takes its time. */
    private String different() {
        String same = table.compared().stream()
                .map(column -> "CAST(live." + column + " AS BINARY) <=> CAST(fold." + column + " AS BINARY)")
                .collect(Collectors.joining(" AND "));
        return "(" + livePosition + " = " + foldPosition + " AND NOT (" + same + "))";
    }

    private long count(String from, Object... parameters) {
        return Objects.requireNonNull(jdbc.queryForObject("SELECT COUNT(*)" + from, Long.class, parameters));
    }

    private List<String> surplusInWords(String surplus, String saleKey) {
        return jdbc.query(
                "SELECT " + keyOf("live.") + surplus + " LIMIT " + TOLD_MAX,
                (row, number) -> table.name() + " " + row.getString(1) + " should not be",
                saleKey);
    }

    private List<String> wrongInWords(String wrong) {
        List<String> columns = Stream.concat(table.compared().stream(), Stream.of(table.position()))
                .toList();
        String values = columns.stream()
                .map(column -> ", live." + column + ", fold." + column)
                .collect(Collectors.joining());
        return jdbc.query(
                "SELECT " + keyOf("fold.") + ", live." + anyKey + " IS NULL" + values + wrong + " LIMIT " + TOLD_MAX,
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
                });
    }

    private String keyOf(String alias) {
        return table.key().stream()
                .map(column -> alias + column)
                .collect(Collectors.joining(", ", "CONCAT_WS(' ', ", ")"));
    }
}
