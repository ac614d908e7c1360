package dev.onsale.command.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/** The events of all aggregates of a command batch, read in one query before its commands load them. */
final class PrefetchedEvents {

    private static final String RESOURCE = PrefetchedEvents.class.getName();

    private PrefetchedEvents() {}

    static void keep(UnitOfWork<?> root, Map<String, List<DomainEventMessage<?>>> eventsById) {
        root.resources().put(RESOURCE, eventsById);
    }

    static void assumeNew(UnitOfWork<?> root, String id) {
        Map<String, List<DomainEventMessage<?>>> eventsById =
                root.getOrComputeResource(RESOURCE, key -> new HashMap<>());
        eventsById.putIfAbsent(id, List.of());
    }

    /** The events of an aggregate, none if it has none, or {@code null} if it was not prefetched. */
    static @Nullable DomainEventStream events(String aggregateIdentifier, long firstSequenceNumber) {
        if (!CurrentUnitOfWork.isStarted()) {
            return null;
        }
        Map<String, List<DomainEventMessage<?>>> eventsById =
                CurrentUnitOfWork.get().root().getResource(RESOURCE);
        List<DomainEventMessage<?>> events = eventsById == null ? null : eventsById.get(aggregateIdentifier);
        if (events == null) {
            return null;
        }
        return DomainEventStream.of(events.stream()
                .filter(event -> event.getSequenceNumber() >= firstSequenceNumber)
                .toList());
    }
}
