package dev.onsale.eventlog;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the log as rows, for audits and rebuilds; deciding and writing goes through Axon's event store. */
public final class StoredEvents {

    /** The most rows one call returns. */
    public static final int PAGE_SIZE_MAX = 10_000;

    /** The most events of one aggregate that {@code newest...} returns. */
    public static final int NEWEST_MAX = 3;

    private static final String COLUMNS = "SELECT global_index, event_identifier, type, aggregate_identifier,"
            + " sequence_number, payload_type, payload_revision, time_stamp, payload FROM domain_event";

    private final JdbcClient jdbc;

    public StoredEvents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Committed events after a position, in the order of the log. A transaction still under way may later fill a hole
     * below the last position returned; a reader that must not miss it follows the log through Axon's gap-aware tokens.
     *
     * @param position exclusive; 0 for the beginning
     * @param limit 1 to {@value #PAGE_SIZE_MAX}
     */
    public List<StoredEvent> after(long position, int limit) {
        return events(
                COLUMNS + " WHERE global_index > :position ORDER BY global_index LIMIT :limit",
                Map.of("position", position, "limit", checked(limit)));
    }

    /**
     * Events by their positions, in the order of the log.
     *
     * @param positions at most {@value #PAGE_SIZE_MAX}
     */
    public List<StoredEvent> at(Collection<Long> positions) {
        if (positions.isEmpty()) {
            return List.of();
        }
        checked(positions.size());
        return events(
                COLUMNS + " WHERE global_index IN (:positions) ORDER BY global_index", Map.of("positions", positions));
    }

    /**
     * The events of one aggregate from a sequence number on.
     *
     * @param fromSequence inclusive
     * @param limit 1 to {@value #PAGE_SIZE_MAX}
     */
    public List<StoredEvent> ofAggregate(String aggregateId, long fromSequence, int limit) {
        return events(
                COLUMNS + " WHERE aggregate_identifier = :id AND sequence_number >= :from"
                        + " ORDER BY sequence_number LIMIT :limit",
                Map.of("id", aggregateId, "from", fromSequence, "limit", checked(limit)));
    }

    /**
     * The kind of an aggregate, such as {@code Seat}; empty if it has no event. Reads one row and no payload.
     */
    public Optional<String> aggregateType(String aggregateId) {
        return jdbc.sql("SELECT type FROM domain_event WHERE aggregate_identifier = :id AND sequence_number = 0")
                .param("id", aggregateId)
                .query(String.class)
                .optional();
    }

    /**
     * The events of several aggregates that are newer than a sequence number of each, by identifier and sequence.
     *
     * @param sequences the newest known sequence number by identifier, -1 for none
     */
    public List<StoredEvent> newerThan(Map<String, Long> sequences) {
        if (sequences.isEmpty()) {
            return List.of();
        }
        String each = "(aggregate_identifier = ? AND sequence_number > ?)";
        List<Object> parameters = new ArrayList<>();
        sequences.forEach((id, sequence) -> {
            parameters.add(id);
            parameters.add(sequence);
        });
        return jdbc.sql(COLUMNS + " WHERE " + String.join(" OR ", Collections.nCopies(sequences.size(), each))
                        + " ORDER BY aggregate_identifier, sequence_number LIMIT " + PAGE_SIZE_MAX)
                .params(parameters)
                .query(StoredEvents::row)
                .list();
    }

    /**
     * The events of one aggregate after a position of the log, in order.
     *
     * @param position exclusive; 0 for the beginning
     * @param limit 1 to {@value #PAGE_SIZE_MAX}
     */
    public List<StoredEvent> ofAggregateAfter(String aggregateId, long position, int limit) {
        // Sequence order is log order within an aggregate, and the unique key gives it without a sort.
        return events(
                COLUMNS + " WHERE aggregate_identifier = :id AND global_index > :position"
                        + " ORDER BY sequence_number LIMIT :limit",
                Map.of("id", aggregateId, "position", position, "limit", checked(limit)));
    }

    /**
     * The events of all aggregates whose identifier begins with a prefix, by identifier and sequence. Served by the unique
     * key, so that it costs what it returns.
     *
     * @param afterId exclusive together with {@code afterSequence}; the prefix itself for the beginning
     * @param limit 1 to {@value #PAGE_SIZE_MAX}
     */
    public List<StoredEvent> ofAggregatesWithPrefix(String prefix, String afterId, long afterSequence, int limit) {
        return events(
                COLUMNS + " WHERE aggregate_identifier >= :afterId AND aggregate_identifier < :end"
                        + " AND (aggregate_identifier > :afterId OR sequence_number > :afterSequence)"
                        + " ORDER BY aggregate_identifier, sequence_number LIMIT :limit",
                Map.of(
                        "afterId",
                        afterId,
                        "end",
                        endOf(prefix),
                        "afterSequence",
                        afterSequence,
                        "limit",
                        checked(limit)));
    }

    /**
     * The newest events of each of these aggregates, by identifier and sequence: it costs what it returns, however long the
     * streams are.
     *
     * @param each how many of each aggregate, 1 to {@value #NEWEST_MAX}
     */
    public List<StoredEvent> newestOf(Collection<String> aggregateIds, int each) {
        if (aggregateIds.isEmpty()) {
            return List.of();
        }
        checked(aggregateIds.size() * each);
        return events(
                newest("aggregate_identifier IN (:ids) GROUP BY aggregate_identifier", each),
                Map.of("ids", aggregateIds));
    }

    /**
     * As {@link #newestOf}, of the next aggregates whose identifier begins with a prefix.
     *
     * @param afterId exclusive; the prefix itself for the beginning
     * @param aggregates at most so many of them
     */
    public List<StoredEvent> newestWithPrefix(String prefix, String afterId, int aggregates, int each) {
        checked(aggregates * each);
        return events(
                newest(
                        "aggregate_identifier > :afterId AND aggregate_identifier < :end"
                                + " GROUP BY aggregate_identifier ORDER BY aggregate_identifier LIMIT :limit",
                        each),
                Map.of("afterId", afterId, "end", endOf(prefix), "limit", aggregates));
    }

    /**
     * The newest events about one buyer, the newest first. Served by an index, so that it costs what it returns and, for several
     * types, what the buyer has of them.
     *
     * @param payloadTypes of those that the column {@code buyer_id} is computed for; of others nothing is found
     * @param before exclusive position
     * @param limit 1 to {@value #PAGE_SIZE_MAX}
     */
    public List<StoredEvent> newestOfBuyer(String buyerId, Collection<String> payloadTypes, long before, int limit) {
        return events(
                COLUMNS + " WHERE buyer_id = :buyer AND payload_type IN (:types) AND global_index < :before"
                        + " ORDER BY global_index DESC LIMIT :limit",
                Map.of("buyer", buyerId, "types", payloadTypes, "before", before, "limit", checked(limit)));
    }

    /**
     * What operators did to one aggregate, in order. Served by an index, so that it costs what it returns, however long the stream
     * is.
     *
     * @param payloadTypes types with a property {@code operator}
     * @param limit 1 to {@value #PAGE_SIZE_MAX}
     */
    public List<StoredEvent> ofOperators(String aggregateId, Collection<String> payloadTypes, int limit) {
        return events(
                COLUMNS + " WHERE operated_aggregate = :id AND payload_type IN (:types)"
                        + " ORDER BY global_index LIMIT :limit",
                Map.of("id", aggregateId, "types", payloadTypes, "limit", checked(limit)));
    }

    private static String newest(String which, int each) {
        if (each < 1 || each > NEWEST_MAX) {
            throw new IllegalArgumentException("1 to " + NEWEST_MAX + " events of each aggregate, not " + each);
        }
        String back = "SELECT 0 AS back"
                + IntStream.range(1, each)
                        .mapToObj(step -> " UNION ALL SELECT " + step)
                        .collect(Collectors.joining());
        return COLUMNS
                + " JOIN (SELECT aggregate_identifier AS id, MAX(sequence_number) AS newest FROM domain_event WHERE "
                + which + ") ends ON aggregate_identifier = ends.id JOIN (" + back
                + ") backwards ON sequence_number = ends.newest - backwards.back"
                + " ORDER BY aggregate_identifier, sequence_number";
    }

    private static String endOf(String prefix) {
        return prefix.substring(0, prefix.length() - 1) + (char) (prefix.charAt(prefix.length() - 1) + 1);
    }

    /**
     * The positions of events, by their identifiers. A tracking token does not tell them: behind a gap that fills late, it
     * names the furthest position seen so far.
     *
     * @param eventIds at most {@value #PAGE_SIZE_MAX}
     */
    public Map<String, Long> positionsOf(Collection<String> eventIds) {
        if (eventIds.isEmpty()) {
            return Map.of();
        }
        checked(eventIds.size());
        Map<String, Long> positions = new HashMap<>();
        jdbc.sql("SELECT event_identifier, global_index FROM domain_event WHERE event_identifier IN (:ids)")
                .param("ids", eventIds)
                .query(row -> {
                    positions.put(row.getString(1), row.getLong(2));
                });
        return positions;
    }

    /** The position of the newest committed event, 0 for an empty log. */
    public long head() {
        return jdbc.sql("SELECT COALESCE(MAX(global_index), 0) FROM domain_event")
                .query(Long.class)
                .single();
    }

    /**
     * Whether an event after a position is of a later time than this, by the time in the log, in whole seconds.
     *
     * @param position exclusive; 0 for the beginning
     */
    public boolean hasLater(long position, Instant time) {
        // The texts have fractions of different lengths: of two within one second the order as texts can be wrong.
        String nextSecond = time.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1).toString();
        return !jdbc.sql("SELECT 1 FROM domain_event WHERE global_index > :position AND time_stamp >= :from LIMIT 1")
                .param("position", position)
                .param("from", nextSecond.substring(0, nextSecond.length() - 1))
                .query(Integer.class)
                .list()
                .isEmpty();
    }

    private static int checked(int limit) {
        if (limit < 1 || limit > PAGE_SIZE_MAX) {
            throw new IllegalArgumentException("A page has 1 to " + PAGE_SIZE_MAX + " events, not " + limit);
        }
        return limit;
    }

    private List<StoredEvent> events(String sql, Map<String, ?> parameters) {
        return jdbc.sql(sql).params(parameters).query(StoredEvents::row).list();
    }

    private static StoredEvent row(ResultSet row, int index) throws SQLException {
        return new StoredEvent(
                row.getLong("global_index"),
                row.getString("event_identifier"),
                row.getString("type"),
                row.getString("aggregate_identifier"),
                row.getLong("sequence_number"),
                row.getString("payload_type"),
                Integer.parseInt(row.getString("payload_revision")),
                Instant.parse(row.getString("time_stamp")),
                new String(row.getBytes("payload"), StandardCharsets.UTF_8));
    }
}
