package dev.onsale.query.rebuild;

import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.platform.supervision.TaskThreads;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.Facts;
import dev.onsale.query.readmodel.Folding;
import dev.onsale.query.readmodel.ReadModel;
import dev.onsale.query.readmodel.RowSink;
import dev.onsale.query.rebuild.RebuildStatus.State;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One rebuild, in one thread with readers that run ahead: segments of the log are read and parsed side by side and folded in
 * order. Whatever stops it, it goes on from its last checkpoint.
 */
final class Rebuild {

    /** What may be left to do while the consumers are held up. */
    private static final long REST_POSITIONS_MAX = 5_000;

    private static final long REST_LOOKED_AT_EVERY = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int ROWS_PENDING_MAX = 100_000;
    private static final int CATCH_UP_ROUNDS_MAX = 100;

    private final ReadModel<?> projection;
    private final RebuildStore store;
    private final TableSwitch tables;
    private final LogHorizon horizon;
    private final LogFacts facts;
    private final RebuildSettings settings;
    private final Clock clock;
    private final UUID owner;
    private final Folding<?> folding;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate ownTransaction;
    private final ExecutorService readers;
    private final RowSink sideBySide;
    private final boolean switchAfter;
    private boolean stored;
    private long builtTo;
    private long taken;

    Rebuild(
            ReadModel<?> projection,
            RebuildStore.Row row,
            RebuildStore store,
            TableSwitch tables,
            LogHorizon horizon,
            RebuildSettings settings,
            DataSource dataSource,
            EntityManager entities,
            Clock clock,
            UUID owner) {
        this.projection = projection;
        this.store = store;
        this.tables = tables;
        this.horizon = horizon;
        this.settings = settings;
        this.clock = clock;
        this.owner = owner;
        this.switchAfter = row.switchAfter();
        this.builtTo = row.builtTo();
        this.taken = row.facts();
        this.stored = builtTo > 0 || row.direction() == RebuildStatus.Direction.BACK;
        this.facts = new LogFacts(dataSource, projection.facts());
        this.jdbc = new JdbcTemplate(dataSource);
        this.ownTransaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        // Also from within the transaction that holds the consumers up: what it writes must be committed before the
        // exchange.
        this.ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.folding = new Folding<>(projection, entities, TableSwitch.NEXT, !stored);
        this.readers = TaskThreads.fixed("rebuild-" + projection.name() + "-", settings.readers());
        this.sideBySide = new ParallelWriter(
                readers, settings.readers(), ownTransaction, jdbc, () -> store.stays(projection.name(), owner));
    }

    /**
     * Until it is switched, or ready to be.
     *
     * @return what has become of it
     */
    State run() throws InterruptedException {
        try {
            catchUp();
            state(State.COMPARING);
            store.compared(projection.name(), owner, differences());
            if (!switchAfter) {
                return State.READY;
            }
            state(State.SWITCHING);
            catchUpToTheRest();
            tables.exchange(projection, this::takeTheRest);
            return State.SWITCHED;
        } finally {
            readers.shutdownNow();
            // Whoever takes over, maybe this process, must not meet one of them.
            readers.close();
        }
    }

    private long differences() throws InterruptedException {
        long position = builtTo;
        Future<Long> differences =
                readers.submit(() -> tables.differences(projection, position, settings.missingAfter()));
        while (!differences.isDone()) {
            try {
                return differences.get(settings.ownedFor().toMillis() / 3, TimeUnit.MILLISECONDS);
            } catch (TimeoutException yet) {
                store.extend(projection.name(), owner, ownedUntil());
            } catch (ExecutionException failure) {
                break;
            }
        }
        return ParallelWriter.await(differences);
    }

    private void state(State state) {
        store.state(projection.name(), owner, state, ownedUntil());
    }

    private void catchUp() throws InterruptedException {
        for (int round = 0; round < CATCH_UP_ROUNDS_MAX; round++) {
            long target = horizon.settled();
            if (target <= builtTo) {
                return;
            }
            fold(target);
            if (horizon.head() - builtTo <= REST_POSITIONS_MAX) {
                return;
            }
        }
    }

    /** Nobody writes while the rest is taken, so it has to be small before that. */
    private void catchUpToTheRest() throws InterruptedException {
        catchUp();
        while (horizon.head() - builtTo > REST_POSITIONS_MAX) {
            LockSupport.parkNanos(REST_LOOKED_AT_EVERY);
            if (Thread.interrupted()) {
                throw new InterruptedException("The rebuild is stopped");
            }
            store.extend(projection.name(), owner, ownedUntil());
            SupervisedWork.progress();
            catchUp();
        }
    }

    private void takeTheRest() {
        try {
            fold(horizon.head());
            // Until the tables are exchanged: in the same transaction that holds the consumers up.
            store.stays(projection.name(), owner);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the tables were exchanged", e);
        }
    }

    private record Segment(long to, Future<List<Fact<?>>> facts) {}

    private void fold(long target) throws InterruptedException {
        Queue<Segment> ahead = new ArrayDeque<>();
        long asked = builtTo;
        long written = builtTo;
        long writtenAt = System.nanoTime();
        while (builtTo < target) {
            while (asked < target && ahead.size() < settings.readers() + 1) {
                long from = asked;
                asked = Math.min(target, from + settings.positionsAtOnce());
                long to = asked;
                ahead.add(new Segment(to, readers.submit(() -> facts.between(from, to))));
            }
            Segment next = ahead.remove();
            Facts segment = new Facts(ParallelWriter.await(next.facts()));
            folding.take(segment);
            taken += segment.all().size();
            builtTo = next.to();
            SupervisedWork.progress();
            if (builtTo - written >= settings.positionsPerWrite()
                    || folding.pending() >= ROWS_PENDING_MAX
                    || System.nanoTime() - writtenAt >= settings.ownedFor().toNanos() / 2) {
                flush();
                written = builtTo;
                writtenAt = System.nanoTime();
            }
        }
        flush();
    }

    private void flush() {
        if (!stored) {
            // Until there is a checkpoint nothing counts: whoever takes over begins with empty tables. So these rows,
            // mostly all there are, need not come in with it.
            store.extend(projection.name(), owner, ownedUntil());
            folding.flush(sideBySide);
        }
        ownTransaction.executeWithoutResult(status -> {
            folding.flush(RowSink.inOrder(jdbc));
            store.checkpoint(projection.name(), owner, builtTo, taken, ownedUntil());
        });
        stored = true;
    }

    private long ownedUntil() {
        return clock.instant().plus(settings.ownedFor()).toEpochMilli();
    }
}
