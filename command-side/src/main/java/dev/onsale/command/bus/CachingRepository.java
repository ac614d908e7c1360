package dev.onsale.command.bus;

import dev.onsale.command.store.WriteClaim;
import org.axonframework.config.Configuration;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.NoSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.RepositoryProvider;
import org.axonframework.modelling.command.RepositorySpanFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps aggregates that were decided on lately in memory, as Axon's caching repository does: a rollback forgets them. It keeps
 * the aggregate itself and its version, not what Axon wraps it in for a unit of work: of ten thousand new ones a second that is
 * more than half of what a garbage collector has to copy. What was kept under another epoch of the shard is read again.
 */
public final class CachingRepository<T> extends EventSourcingRepository<T> {

    private final Class<T> type;
    private final AggregateCache cache;
    private final EventStore eventStore;
    private final RepositoryProvider repositories;

    private CachingRepository(Builder<T> builder, Class<T> type, AggregateCache cache, Configuration axon) {
        super(builder);
        this.type = type;
        this.cache = cache;
        this.eventStore = axon.eventStore();
        this.repositories = axon::repository;
    }

    public static <T> CachingRepository<T> of(Class<T> type, AggregateCache cache, Configuration axon) {
        return of(type, cache, axon, NoSnapshotTriggerDefinition.INSTANCE);
    }

    /**
     * @param snapshots when snapshots of an aggregate are due
     */
    public static <T> CachingRepository<T> of(
            Class<T> type, AggregateCache cache, Configuration axon, SnapshotTriggerDefinition snapshots) {
        return new CachingRepository<>(
                EventSourcingRepository.builder(type)
                        .parameterResolverFactory(axon.parameterResolverFactory())
                        .handlerDefinition(axon.handlerDefinition(type))
                        .eventStore(axon.eventStore())
                        .repositoryProvider(axon::repository)
                        .spanFactory(axon.getComponent(RepositorySpanFactory.class))
                        .snapshotTriggerDefinition(snapshots),
                type,
                cache,
                axon);
    }

    @Override
    protected EventSourcedAggregate<T> doLoadWithLock(String id, @Nullable Long expectedVersion) {
        AggregateCache.Kept kept = cache.get(id);
        if (kept == null || kept.epoch() != WriteClaim.currentEpoch() || !type.isInstance(kept.root())) {
            return super.doLoadWithLock(id, expectedVersion);
        }
        forgetOnRollback(id);
        T root = type.cast(kept.root());
        return kept.version() == AggregateCache.Kept.NO_FACT
                ? EventSourcedAggregate.initialize(root, aggregateModel(), eventStore, repositories, kept.snapshots())
                : EventSourcedAggregate.reconstruct(
                        root, aggregateModel(), kept.version(), false, eventStore, repositories, kept.snapshots());
    }

    @Override
    protected void validateOnLoad(Aggregate<T> aggregate, @Nullable Long expectedVersion) {
        forgetOnRollback(aggregate.identifierAsString());
        super.validateOnLoad(aggregate, expectedVersion);
    }

    @Override
    protected void doSaveWithLock(EventSourcedAggregate<T> aggregate) {
        super.doSaveWithLock(aggregate);
        String id = aggregate.identifierAsString();
        forgetOnRollback(id);
        Long version = aggregate.version();
        cache.put(
                id,
                new AggregateCache.Kept(
                        aggregate.getAggregateRoot(),
                        version == null ? AggregateCache.Kept.NO_FACT : version,
                        aggregate.getSnapshotTrigger(),
                        WriteClaim.currentEpoch()));
    }

    @Override
    protected void doDeleteWithLock(EventSourcedAggregate<T> aggregate) {
        super.doDeleteWithLock(aggregate);
        cache.remove(aggregate.identifierAsString());
    }

    private void forgetOnRollback(String id) {
        CurrentUnitOfWork.get().onRollback(unit -> cache.remove(id));
    }
}
