package dev.onsale.command.bus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Marks a unit of work as soon as a fact is applied in it, see {@link RefusalInterceptor}, and knows the facts of a batch that are
 * not stored yet by their aggregate: Axon goes through all of them, each compared with all others, for each aggregate that is
 * loaded.
 */
final class FactMarkingEventStore extends EmbeddedEventStore {

    private static final String STAGED = FactMarkingEventStore.class.getName() + ".staged";

    private record Staged(UnitOfWork<?> unit, DomainEventMessage<?> fact) {}

    private final @Nullable Function<@Nullable TrackingToken, TrackingEventStream> streams;

    FactMarkingEventStore(EventStorageEngine engine) {
        this(engine, null);
    }

    /**
     * @param streams opens a stream of the log after a token; absent for Axon's own, which polls
     */
    FactMarkingEventStore(
            EventStorageEngine engine, @Nullable Function<@Nullable TrackingToken, TrackingEventStream> streams) {
        super(EmbeddedEventStore.builder().storageEngine(engine));
        this.streams = streams;
    }

    @Override
    public TrackingEventStream openStream(@Nullable TrackingToken trackingToken) {
        return streams == null ? super.openStream(trackingToken) : streams.apply(trackingToken);
    }

    @Override
    public void publish(List<? extends EventMessage<?>> events) {
        CurrentUnitOfWork.ifStarted(unit -> {
            unit.resources().put(RefusalInterceptor.FACTS_APPLIED, true);
            Map<String, List<Staged>> staged = unit.root().getOrComputeResource(STAGED, key -> new HashMap<>());
            for (EventMessage<?> event : events) {
                if (event instanceof DomainEventMessage<?> fact) {
                    staged.computeIfAbsent(fact.getAggregateIdentifier(), id -> new ArrayList<>())
                            .add(new Staged(unit, fact));
                }
            }
        });
        super.publish(events);
    }

    @Override
    protected Stream<? extends DomainEventMessage<?>> stagedDomainEventMessages(String aggregateIdentifier) {
        if (!CurrentUnitOfWork.isStarted()) {
            return Stream.empty();
        }
        Map<String, List<Staged>> staged =
                CurrentUnitOfWork.get().root().getOrDefaultResource(STAGED, Map.<String, List<Staged>>of());
        return staged.getOrDefault(aggregateIdentifier, List.of()).stream()
                .filter(one -> !one.unit().isRolledBack())
                .map(Staged::fact);
    }
}
