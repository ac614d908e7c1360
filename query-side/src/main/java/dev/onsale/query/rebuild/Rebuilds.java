package dev.onsale.query.rebuild;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.query.readmodel.ReadModel;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.readmodel.ReadModels;
import dev.onsale.query.rebuild.RebuildStatus.Direction;
import dev.onsale.query.rebuild.RebuildStatus.State;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;

/** Orders, takes over and tells of rebuilds. Any process may work on one, only one at a time does. */
@Component
public class Rebuilds implements SmartLifecycle, Supervised {

    private static final Logger log = LoggerFactory.getLogger(Rebuilds.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK_MAX = Duration.ofMinutes(5);

    /** For the longest single statement: it compares or renames whole tables. */
    private static final Duration SILENT_MAX = Duration.ofHours(2);

    private final ReadModels projections;
    private final Map<String, Thread> running = new ConcurrentHashMap<>();
    private final UUID owner = UUID.randomUUID();
    private final RebuildStore store;
    private final TableSwitch tables;
    private final LogHorizon horizon;
    private final RebuildSettings settings;
    private final DataSource dataSource;
    private final EntityManager entities;
    private final Clock clock;
    private volatile boolean stopping;
    private final SupervisedWork building =
            SupervisedWork.onDemand("rebuild", SILENT_MAX).optional();
    private final SupervisedWork lookingAround = new SupervisedWork("rebuild-look", LOOK_MAX).optional();
    private @Nullable PeriodicTasks looking;

    Rebuilds(
            ReadModels projections,
            RebuildStore store,
            TableSwitch tables,
            LogHorizon horizon,
            RebuildSettings settings,
            DataSource dataSource,
            EntityManager entities,
            Clock clock,
            MeterRegistry registry) {
        this.projections = projections;
        this.store = store;
        this.tables = tables;
        this.horizon = horizon;
        this.settings = settings;
        this.dataSource = dataSource;
        this.entities = entities;
        this.clock = clock;
        Gauge.builder("onsale.rebuilds.running", running, Map::size)
                .description("Rebuilds that this process works on")
                .register(registry);
    }

    Collection<ReadModel<?>> projections() {
        return projections.all();
    }

    ReadModel<?> projection(String name) {
        return projections
                .find(name)
                .orElseThrow(() -> new RefusedException(
                        RefusalCode.PROJECTION_NOT_FOUND,
                        "There is no projection " + name + "; there are " + String.join(", ", ReadModelName.texts())));
    }

    boolean canGoBack(ReadModel<?> projection) {
        return tables.isThere(projection, TableSwitch.BEFORE);
    }

    @Nullable
    RebuildStatus status(ReadModel<?> projection) {
        RebuildStore.Row row = store.find(projection.name()).orElse(null);
        if (row == null || row.startedAt().isEmpty()) {
            return null;
        }
        long head = horizon.head();
        Instant until = row.endedAt() == null ? clock.instant() : Instant.parse(row.endedAt());
        double seconds = Math.max(
                0.001, Duration.between(Instant.parse(row.startedAt()), until).toMillis() / 1e3);
        long perSecond = Math.round(row.builtTo() / seconds);
        boolean underWay = row.state().isUnderWay();
        return new RebuildStatus(
                row.state(),
                row.direction(),
                row.startedAt(),
                row.endedAt(),
                row.builtTo(),
                head,
                row.facts(),
                perSecond,
                underWay && perSecond > 0 ? Math.max(0, head - row.builtTo()) / perSecond : null,
                row.differences(),
                row.problem());
    }

    /**
     * Builds a read model again and lets it take its place.
     *
     * @throws RefusedException with {@code REBUILD_RUNNING}
     */
    public void rebuild(ReadModelName model) {
        begin(model.text(), Direction.FORWARD, true);
    }

    /**
     * Begins to build.
     *
     * @param switchAfter whether the new tables take their place by themselves
     */
    void begin(String name, Direction direction, boolean switchAfter) {
        ReadModel<?> projection = projection(name);
        if (direction == Direction.BACK && !canGoBack(projection)) {
            throw new RefusedException(RefusalCode.REBUILD_NOT_READY, "There are no tables from before a switch");
        }
        if (running.containsKey(name)
                || !store.begin(name, direction, switchAfter, clock.instant().toString(), owner, ownedUntil())) {
            throw new RefusedException(RefusalCode.REBUILD_RUNNING, "A rebuild of " + name + " is under way");
        }
        work(projection);
    }

    /** Lets tables that are ready take their place. */
    void order(String name) {
        ReadModel<?> projection = projection(name);
        RebuildStore.Row ready = store.find(name)
                .filter(row -> row.state() == State.READY)
                .orElseThrow(() -> new RefusedException(
                        RefusalCode.REBUILD_NOT_READY, "No rebuild of " + name + " waits for its switch"));
        if (store.takeOver(ready, State.SWITCHING, owner, ownedUntil())) {
            work(projection);
        }
    }

    void cancel(String name) {
        ReadModel<?> projection = projection(name);
        Direction direction = store.find(name).map(RebuildStore.Row::direction).orElse(Direction.FORWARD);
        if (!store.cancel(name, clock.instant().toString())) {
            throw new RefusedException(RefusalCode.REBUILD_NOT_READY, "No rebuild of " + name + " can be cancelled");
        }
        Thread thread = running.get(name);
        if (thread == null) {
            store.whileCancelled(name, () -> tables.giveUp(projection, direction));
        } else {
            thread.interrupt();
        }
    }

    private void work(ReadModel<?> projection) {
        running.computeIfAbsent(projection.name(), name -> {
            Thread thread = building.thread(() -> building.attempt(() -> build(projection)));
            thread.setName("rebuild-" + name);
            thread.start();
            return thread;
        });
    }

    private void build(ReadModel<?> projection) {
        String name = projection.name();
        try {
            RebuildStore.Row row = store.find(name).orElseThrow();
            if (!row.state().isUnderWay()) {
                leave(projection);
            } else if (row.state() == State.SWITCHING && !tables.isThere(projection, TableSwitch.NEXT)) {
                // The process that exchanged them died before it could say so.
                tables.generationAfterExchange(projection);
                end(projection, State.SWITCHED, null);
            } else {
                if (isToBeBegun(projection, row)) {
                    store.whileMine(name, owner, () -> tables.make(projection, row.direction()));
                }
                State state = new Rebuild(
                                projection, row, store, tables, horizon, settings, dataSource, entities, clock, owner)
                        .run();
                end(projection, state, null);
            }
        } catch (InterruptedException | RebuildStore.NotMineException e) {
            leave(projection);
        } catch (TransientDataAccessException
                | DataAccessResourceFailureException
                | CannotCreateTransactionException away) {
            log.warn("The rebuild of {} is held up, trying on: {}", name, away.toString());
            leave(projection);
        } catch (RuntimeException | Error failure) {
            if (stopping || Thread.currentThread().isInterrupted()) {
                leave(projection);
            } else {
                log.error("The rebuild of {} has failed", name, failure);
                end(projection, State.FAILED, failure.toString());
            }
            if (failure instanceof Error error) {
                throw error;
            }
        } finally {
            running.remove(name, Thread.currentThread());
        }
    }

    /**
     * Without a checkpoint new tables may have some rows of a process that died, so they are made again. Those from before the
     * switch are theirs until they are renamed.
     */
    private boolean isToBeBegun(ReadModel<?> projection, RebuildStore.Row row) {
        return row.direction() == Direction.FORWARD
                ? row.builtTo() == 0
                : row.state() == State.BUILDING && tables.isThere(projection, TableSwitch.BEFORE);
    }

    private void end(ReadModel<?> projection, State state, @Nullable String problem) {
        // First: whoever sees that it has ended may order the next one at once.
        running.remove(projection.name(), Thread.currentThread());
        if (store.end(projection.name(), owner, state, clock.instant().toString(), problem)) {
            log.info("The rebuild of {} is {}", projection.name(), state);
        } else {
            leave(projection);
        }
    }

    /** Somebody cancelled it, somebody else has it, or this process stops and somebody may go on. */
    private void leave(ReadModel<?> projection) {
        boolean interrupted = Thread.interrupted();
        try {
            RebuildStore.Row row = store.find(projection.name()).orElseThrow();
            if (row.state() == State.CANCELLED) {
                store.whileCancelled(projection.name(), () -> tables.giveUp(projection, row.direction()));
            } else {
                store.leave(projection.name(), owner);
            }
        } catch (RuntimeException away) {
            log.warn("The rebuild of {} is left as it is: {}", projection.name(), away.toString());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void takeOver() {
        List<RebuildStore.Row> abandoned = store.underWay().stream()
                .filter(row -> row.ownedUntil() < clock.instant().toEpochMilli())
                .filter(row -> projections.find(row.name()).isPresent() && !running.containsKey(row.name()))
                .toList();
        for (RebuildStore.Row row : abandoned) {
            if (!stopping && store.takeOver(row, row.state(), owner, ownedUntil())) {
                log.info("Going on with the rebuild of {} from position {}", row.name(), row.builtTo());
                work(projection(row.name()));
            }
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(lookingAround, building);
    }

    private long ownedUntil() {
        return clock.instant().plus(settings.ownedFor()).toEpochMilli();
    }

    @Override
    public synchronized void start() {
        if (looking == null) {
            stopping = false;
            looking = new PeriodicTasks(lookingAround.name());
            var unused = looking.every(Duration.ZERO, LOOK_AGAIN, lookingAround, this::takeOver);
        }
    }

    @Override
    public synchronized void stop() {
        if (looking == null) {
            return;
        }
        stopping = true;
        looking.stopNow(STOP_PATIENCE);
        looking = null;
        List<Thread> threads = List.copyOf(running.values());
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                if (!thread.join(STOP_PATIENCE)) {
                    log.warn("{} did not stop in {}", thread.getName(), STOP_PATIENCE);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return looking != null;
    }
}
