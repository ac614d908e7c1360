package dev.onsale.command.store;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.eventlog.EventJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.axonframework.eventhandling.DomainEventMessage;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.ObjectReader;

/**
 * Reads very many facts of one aggregate: stretches of the log are read and parsed side by side and handed on in order. Passing each of a
 * million facts through Axon's handlers, with a time limit of its own, took twenty seconds.
 */
final class BulkEventReader {

    private static final int FACTS_AT_ONCE = 4_096;
    private static final int AHEAD_MAX = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String STRETCH = " FROM domain_event WHERE aggregate_identifier = :id"
            + " AND sequence_number BETWEEN :first AND :last ORDER BY sequence_number";

    private final JdbcClient jdbc;
    private final AggregateRows rows;
    private final ExecutorService readers;
    private final Map<String, Known> known = new HashMap<>();

    /** A type whose stored form can be read as it is. */
    private record Known(String version, ObjectReader reader) {}

    BulkEventReader(JdbcClient jdbc, AggregateRows rows, ExecutorService readers) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.readers = readers;
        EventCatalogue.all()
                .forEach(type -> known.put(
                        EventCatalogue.typeOf(type).value(),
                        new Known(
                                Integer.toString(EventCatalogue.typeOf(type).version()),
                                EventJson.mapper().readerFor(type))));
    }

    /**
     * @param from inclusive
     * @param to inclusive; there without holes
     */
    void read(String aggregateId, long from, long to, Consumer<OnsaleEvent> facts) {
        Queue<Future<List<OnsaleEvent>>> ahead = new ArrayDeque<>();
        long asked = from;
        try {
            while (asked <= to || !ahead.isEmpty()) {
                while (asked <= to && ahead.size() < AHEAD_MAX) {
                    long first = asked;
                    long last = Math.min(to, first + FACTS_AT_ONCE - 1);
                    ahead.add(readers.submit(() -> stretch(aggregateId, first, last)));
                    asked = last + 1;
                }
                await(ahead.remove()).forEach(facts);
            }
        } finally {
            ahead.forEach(left -> left.cancel(true));
        }
    }

    private List<OnsaleEvent> stretch(String aggregateId, long first, long last) {
        List<Optional<OnsaleEvent>> facts = jdbc.sql("SELECT payload_type, payload_revision, payload" + STRETCH)
                .param("id", aggregateId)
                .param("first", first)
                .param("last", last)
                .query((row, number) -> asItIs(row))
                .list();
        if (facts.size() != last - first + 1) {
            throw new IllegalStateException(
                    "The log of " + aggregateId + " has holes between " + first + " and " + last);
        }
        List<OnsaleEvent> whole = new ArrayList<>(facts.size());
        for (Optional<OnsaleEvent> fact : facts) {
            if (fact.isEmpty()) {
                return upcast(aggregateId, first, last);
            }
            whole.add(fact.get());
        }
        return whole;
    }

    /** One of them is of an older version. */
    private List<OnsaleEvent> upcast(String aggregateId, long first, long last) {
        return rows
                .messages(jdbc.sql(AggregateRows.COLUMNS + STRETCH)
                        .param("id", aggregateId)
                        .param("first", first)
                        .param("last", last)
                        .query((row, number) -> AggregateRows.entry(row))
                        .list())
                .stream()
                .map(DomainEventMessage::getPayload)
                .map(OnsaleEvent.class::cast)
                .toList();
    }

    /** Nothing for a fact of another version than the newest. */
    private Optional<OnsaleEvent> asItIs(ResultSet row) throws SQLException {
        Known type = known.get(row.getString(1));
        return type == null || !type.version().equals(row.getString(2))
                ? Optional.empty()
                : Optional.of(type.reader().readValue(row.getBytes(3)));
    }

    private static List<OnsaleEvent> await(Future<List<OnsaleEvent>> stretch) {
        try {
            return stretch.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("The facts of an aggregate cannot be read", failure.getCause());
        } catch (TimeoutException late) {
            throw new IllegalStateException("The store gave no facts within " + PATIENCE, late);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while facts were read", e);
        }
    }
}
