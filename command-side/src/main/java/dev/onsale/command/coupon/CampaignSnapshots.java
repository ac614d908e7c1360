package dev.onsale.command.coupon;

import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.command.store.ReadingEventStorageEngine;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.platform.supervision.SupervisedWorkers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.SnapshotTrigger;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Writes snapshots of large campaigns behind the writers, from the log alone: what a writer has in memory may yet be rolled back. The
 * next one is due when the campaign has grown by half, so that all snapshots of a campaign together cost no more than three times the
 * last, and at most a third of its facts is replayed.
 */
@Component("campaignSnapshots")
final class CampaignSnapshots implements SnapshotTriggerDefinition, Supervised, DisposableBean {

    private static final int GROWTH = 3;
    private static final Duration SILENT_MAX = Duration.ofMinutes(5);

    private final ReadingEventStorageEngine store;
    private final long factsMin;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final SupervisedWork work =
            SupervisedWork.onDemand("campaign-snapshots", SILENT_MAX).optional();
    private final SupervisedWorkers worker = new SupervisedWorkers(work, 1);

    CampaignSnapshots(ReadingEventStorageEngine store, SnapshotProperties properties) {
        this.store = store;
        this.factsMin = properties.factsMin();
        store.whenFolded((campaign, facts, lastSequence, snapshot) -> {
            if (isDue(facts, lastSequence)) {
                schedule(campaign, snapshot);
            }
        });
    }

    @Override
    public SnapshotTrigger prepareTrigger(Class<?> aggregateType) {
        return new Trigger();
    }

    @Override
    public SnapshotTrigger reconfigure(Class<?> aggregateType, SnapshotTrigger trigger) {
        return trigger instanceof Trigger ? trigger : new Trigger();
    }

    /** Counts the facts of one campaign since its last snapshot. */
    private final class Trigger implements SnapshotTrigger {

        private long since;

        @Override
        public void eventHandled(EventMessage<?> message) {
            if (message instanceof DomainEventMessage<?> fact && message.getPayload() instanceof CouponEvent) {
                since++;
                if (isDue(since, fact.getSequenceNumber())) {
                    since = 0;
                    String campaign = fact.getAggregateIdentifier();
                    CurrentUnitOfWork.get().root().afterCommit(unit -> schedule(campaign));
                }
            }
        }

        @Override
        public void initializationFinished() {
            // Facts that are replayed one by one count like new ones; of those folded at once the engine tells.
        }
    }

    private boolean isDue(long factsSince, long lastSequence) {
        return factsSince >= Math.max(factsMin, lastSequence / GROWTH);
    }

    private void schedule(String campaign) {
        schedule(campaign, () -> () -> write(campaign));
    }

    private void schedule(String campaign, Supplier<Runnable> snapshot) {
        var unusedInterrupted = worker.replaceSilent();
        if (!underWay.add(campaign)) {
            return;
        }
        try {
            Runnable write = snapshot.get();
            worker.execute(() -> {
                try {
                    write.run();
                } finally {
                    underWay.remove(campaign);
                }
            });
        } catch (RejectedExecutionException stopping) {
            underWay.remove(campaign);
        } catch (RuntimeException | Error e) {
            underWay.remove(campaign);
            throw e;
        }
    }

    /** Folds the last snapshot and the facts after it into the next one. */
    void write(String id) {
        Campaign campaign = new Campaign();
        long from = 0;
        DomainEventMessage<?> last = store.readSnapshot(id).orElse(null);
        if (last != null && last.getPayload() instanceof Campaign earlier) {
            campaign = earlier;
            from = last.getSequenceNumber() + 1;
        }
        DomainEventStream facts = store.readEvents(id, from);
        while (facts.hasNext()) {
            last = facts.next();
            campaign.on((CouponEvent) last.getPayload());
            SupervisedWork.progress();
        }
        if (last != null) {
            store.storeSnapshot(new GenericDomainEventMessage<>(
                    last.getType(),
                    id,
                    last.getSequenceNumber(),
                    campaign,
                    last.getMetaData(),
                    last.getIdentifier(),
                    last.getTimestamp()));
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    @Override
    public void destroy() {
        worker.stopNow();
    }
}
