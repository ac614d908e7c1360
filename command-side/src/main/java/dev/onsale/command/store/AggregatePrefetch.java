package dev.onsale.command.store;

import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/**
 * Reads the aggregates of a whole batch in one query. A new reservation, say, is looked up before it is created, because its id is
 * derived from the request and may be a repeat; one round trip for each would cost more than everything else.
 */
public final class AggregatePrefetch {

    private final NamedParameterJdbcTemplate jdbc;
    private final AggregateRows reader;

    public AggregatePrefetch(DataSource dataSource, Serializer serializer, Supplier<EventUpcaster> upcasters) {
        this.jdbc = new NamedParameterJdbcTemplate(dataSource);
        this.reader = new AggregateRows(serializer, upcasters);
    }

    /** Makes the events of these aggregates available to the batch; those that have none are known to be new. */
    public void read(Collection<String> ids, UnitOfWork<?> root) {
        if (ids.isEmpty()) {
            return;
        }
        Map<String, List<GenericDomainEventEntry<byte[]>>> rows = new HashMap<>();
        jdbc.query(
                AggregateRows.SELECT + " WHERE aggregate_identifier IN (:ids)"
                        + " ORDER BY aggregate_identifier, sequence_number",
                Map.of("ids", ids),
                (ResultSet row) -> {
                    GenericDomainEventEntry<byte[]> entry = AggregateRows.entry(row);
                    rows.computeIfAbsent(entry.getAggregateIdentifier(), id -> new ArrayList<>())
                            .add(entry);
                });
        Map<String, List<DomainEventMessage<?>>> events = new HashMap<>();
        for (String id : ids) {
            List<GenericDomainEventEntry<byte[]>> entries = rows.get(id);
            events.put(id, entries == null ? List.of() : reader.messages(entries));
        }
        PrefetchedEvents.keep(root, events);
    }

    /**
     * Spares the batch under way the question whether the store has facts of an aggregate that was never written. If it has some
     * after all, the first fact that is written meets them and the batch is decided again.
     */
    public static void assumeNew(String id) {
        PrefetchedEvents.assumeNew(CurrentUnitOfWork.get().root(), id);
    }
}
