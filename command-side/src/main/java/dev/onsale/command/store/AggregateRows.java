package dev.onsale.command.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.eventsourcing.EventStreamUtils;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;

/** Turns rows of the event store into the messages an aggregate is made of. */
final class AggregateRows {

    static final String COLUMNS =
            "SELECT type, aggregate_identifier, sequence_number, event_identifier, time_stamp, payload_type,"
                    + " payload_revision, payload, meta_data";
    static final String SELECT = COLUMNS + " FROM domain_event";

    private final Serializer serializer;
    private final Supplier<EventUpcaster> upcasters;

    AggregateRows(Serializer serializer, Supplier<EventUpcaster> upcasters) {
        this.serializer = serializer;
        this.upcasters = upcasters;
    }

    List<DomainEventMessage<?>> messages(List<GenericDomainEventEntry<byte[]>> entries) {
        List<DomainEventMessage<?>> messages = new ArrayList<>(entries.size());
        EventStreamUtils.upcastAndDeserializeDomainEvents(entries.stream(), serializer, upcasters.get())
                .forEachRemaining(messages::add);
        return messages;
    }

    static GenericDomainEventEntry<byte[]> entry(ResultSet row) throws SQLException {
        return new GenericDomainEventEntry<>(
                row.getString("type"),
                row.getString("aggregate_identifier"),
                row.getLong("sequence_number"),
                row.getString("event_identifier"),
                row.getString("time_stamp"),
                row.getString("payload_type"),
                row.getString("payload_revision"),
                row.getBytes("payload"),
                row.getBytes("meta_data"));
    }
}
