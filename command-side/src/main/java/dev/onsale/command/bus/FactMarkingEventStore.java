package dev.onsale.command.bus;

import java.util.List;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

/** Marks a unit of work as soon as a fact is applied in it, see {@link RefusalInterceptor}. */
final class FactMarkingEventStore extends EmbeddedEventStore {

    FactMarkingEventStore(EventStorageEngine engine) {
        super(EmbeddedEventStore.builder().storageEngine(engine));
    }

    @Override
    public void publish(List<? extends EventMessage<?>> events) {
        CurrentUnitOfWork.ifStarted(unit -> unit.resources().put(RefusalInterceptor.FACTS_APPLIED, true));
        super.publish(events);
    }
}
