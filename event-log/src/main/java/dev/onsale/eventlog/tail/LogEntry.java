package dev.onsale.eventlog.tail;

import java.time.Instant;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.eventsourcing.EventStreamUtils;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.jspecify.annotations.Nullable;

/** A committed row of the log with its position. It is decoded once, whoever reads it. Thread-safe. */
public final class LogEntry {

    private final long position;
    private final GenericDomainEventEntry<byte[]> row;
    private volatile @Nullable List<? extends DomainEventMessage<?>> messages;

    LogEntry(long position, GenericDomainEventEntry<byte[]> row) {
        this.position = position;
        this.row = row;
    }

    public long position() {
        return position;
    }

    Instant occurredAt() {
        return row.getTimestamp();
    }

    int bytes() {
        return row.getPayload().getData().length;
    }

    /** One message, unless an upcaster makes several of it or none. The payload is parsed when it is first asked for. */
    List<? extends DomainEventMessage<?>> messages(Serializer serializer, EventUpcaster upcasters) {
        List<? extends DomainEventMessage<?>> known = messages;
        if (known == null) {
            known = EventStreamUtils.asStream(EventStreamUtils.upcastAndDeserializeDomainEvents(
                            java.util.stream.Stream.of(row), serializer, upcasters))
                    .toList();
            messages = known;
        }
        return known;
    }
}
