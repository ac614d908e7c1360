package dev.onsale.command.store;

import dev.onsale.eventlog.DuplicateKeys;
import dev.onsale.platform.failure.Causes;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.common.jdbc.PersistenceExceptionResolver;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends the facts of all command batches that wait at the same moment in one transaction. A batch is serialised by its own
 * writer; one flusher does nothing but write.
 *
 * <p>A key conflict fails only the batch that has it. A failure whose outcome is uncertain (the connection was lost while it
 * committed) is never guessed about: the same facts are appended again under the same event identifiers until they are stored or a
 * conflict shows that they already are. An append that fails has stored nothing.
 *
 * <p>Only units of work that a {@code BatchingCommandBus} opened are grouped. Event processors and sagas keep writing in their own
 * transaction, together with their token.
 */
public final class GroupCommitEventStorageEngine extends DelegatingEventStorageEngine
        implements Supervised, AutoCloseable {

    /** Marks the root unit of work of a command batch. */
    public static final String GROUPED = GroupCommitEventStorageEngine.class.getName() + ".grouped";

    private static final Logger log = LoggerFactory.getLogger(GroupCommitEventStorageEngine.class);
    private static final int GROUP_EVENTS_MAX = 2_048;
    /** Well under the smallest {@code max_allowed_packet} that servers come with, 16 MiB. */
    private static final int GROUP_TEXT_MAX = 4 << 20;

    private static final Duration BACKOFF_MAX = Duration.ofSeconds(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);
    /** Added to the patience for an uncertain write. */
    private static final Duration SILENT_MAX = Duration.ofMinutes(1);

    /** MySQL and MariaDB classes of errors after which nothing was stored: bad data, broken rule, bad statement. */
    private static final List<String> CERTAIN_FAILURES = List.of("21", "22", "23", "42");

    private final GroupInsert insert;
    private final PersistenceExceptionResolver duplicateKeys = new DuplicateKeys();
    private final StoredIdentifiers identifiers;
    private final Serializer serializer;
    private final GroupCommitMetrics metrics;
    private final Duration patience;
    private final BlockingQueue<Append> waiting = new LinkedBlockingQueue<>();
    private final SupervisedWork work;
    private final Thread flusher;
    private volatile CommitListener commits = (first, entries) -> {};
    private volatile boolean closed;
    /** The flusher takes no more appends. */
    private volatile boolean ended;

    /** Is told of each group after its commit, by the flusher. */
    public interface CommitListener {

        /**
         * @param firstPosition of the first fact, -1 if it is not known
         * @param entries in the order of their positions, without a gap
         */
        void committed(long firstPosition, List<GenericDomainEventEntry<byte[]>> entries);
    }

    /** One listener, set at start. */
    public void onCommit(CommitListener listener) {
        commits = listener;
    }

    /** The events of one batch that are being stored. */
    private record Append(
            List<? extends EventMessage<?>> events,
            @Nullable String rows,
            List<GenericDomainEventEntry<byte[]>> entries,
            WriteClaim claim,
            CompletableFuture<Boolean> done) {

        /** Text of this size fits into one statement with others. */
        boolean isGroupable() {
            return rows != null && rows.length() <= GROUP_TEXT_MAX;
        }

        int length() {
            return rows == null ? 0 : rows.length();
        }
    }

    /**
     * @param patience how long an append with an uncertain outcome is retried before it fails as unknown
     */
    public GroupCommitEventStorageEngine(
            EventStorageEngine store,
            GroupInsert insert,
            StoredIdentifiers identifiers,
            Serializer serializer,
            GroupCommitMetrics metrics,
            Duration patience) {
        super(store);
        this.insert = insert;
        this.identifiers = identifiers;
        this.serializer = serializer;
        this.metrics = metrics;
        this.patience = patience;
        this.work = new SupervisedWork("event-store-flusher", patience.plus(SILENT_MAX));
        this.flusher = work.thread(this::runFlusher);
        flusher.start();
    }

    @Override
    public void appendEvents(List<? extends EventMessage<?>> events) {
        UnitOfWork<?> root = CurrentUnitOfWork.map(UnitOfWork::root).orElse(null);
        if (root == null || root.getResource(GROUPED) == null) {
            super.appendEvents(events);
            return;
        }
        if (events.isEmpty()) {
            return;
        }
        List<? extends EventMessage<?>> facts = List.copyOf(events);
        List<GenericDomainEventEntry<byte[]>> entries = new ArrayList<>(facts.size());
        Append append = new Append(
                facts, RowText.of(facts, serializer, entries), entries, WriteClaim.of(root), new CompletableFuture<>());
        root.onCommit(unit -> submitAndWait(append));
    }

    private void submitAndWait(Append append) {
        if (closed) {
            throw new OutcomeUnknownException("The event store is closing", new IllegalStateException("closed"));
        }
        waiting.add(append);
        if (ended && waiting.remove(append)) {
            throw new OutcomeUnknownException("The event store has closed", new IllegalStateException("closed"));
        }
        try {
            append.done.get(patience.plus(CLOSE_PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("An append failed", failure.getCause());
        } catch (TimeoutException late) {
            throw new OutcomeUnknownException("The event store gave no answer in time", late);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutcomeUnknownException("Interrupted while the event store wrote", e);
        }
    }

    private void runFlusher() {
        try {
            work.restarting(() -> closed, this::flushAsTheyCome).run();
        } finally {
            // An append that is added after this is removed again by its own thread.
            ended = true;
            List<Append> left = new ArrayList<>();
            waiting.drainTo(left);
            unknown(left, "The event store closed", new IllegalStateException("closed"));
        }
    }

    private void flushAsTheyCome() throws InterruptedException {
        while (!closed || !waiting.isEmpty()) {
            Append first;
            try {
                first = waiting.poll(100, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                if (closed) {
                    throw e;
                }
                log.warn("The flusher was interrupted and goes on");
                continue;
            }
            if (first == null || flushSafely(groupFrom(first))) {
                work.completed();
            }
        }
    }

    private List<Append> groupFrom(Append first) {
        List<Append> group = new ArrayList<>();
        group.add(first);
        int events = first.events.size();
        int length = first.length();
        for (Append next = waiting.peek();
                next != null
                        && first.isGroupable()
                        && next.isGroupable()
                        && events + next.events.size() <= GROUP_EVENTS_MAX
                        && length + next.length() <= GROUP_TEXT_MAX;
                next = waiting.peek()) {
            group.add(waiting.remove());
            events += next.events.size();
            length += next.length();
        }
        return group;
    }

    /** Completes each append of the group in any case. False after an unexpected failure. */
    private boolean flushSafely(List<Append> group) {
        try {
            flush(group, false);
            return true;
        } catch (OutcomeUnknownException away) {
            unknown(group, String.valueOf(away.getMessage()), away);
            return true;
        } catch (Throwable failure) {
            unknown(group, "The event store failed unexpectedly", failure);
            work.failed(failure);
            return false;
        }
    }

    private static void unknown(List<Append> group, String message, Throwable cause) {
        OutcomeUnknownException unknown = new OutcomeUnknownException(message, cause);
        group.forEach(append -> append.done.completeExceptionally(unknown));
    }

    private static void stored(List<Append> group) {
        group.forEach(append -> append.done.complete(true));
    }

    /**
     * @param uncertainBefore whether an earlier try with these appends ended without a certain outcome
     */
    private void flush(List<Append> group, boolean uncertainBefore) {
        List<EventMessage<?>> events = new ArrayList<>();
        group.forEach(append -> events.addAll(append.events));
        long begun = System.nanoTime();
        long deadline = begun + patience.toNanos();
        boolean uncertain = uncertainBefore;
        for (int attempt = 1; ; attempt++) {
            try {
                long first = write(group);
                long took = System.nanoTime() - begun;
                stored(group);
                metrics.flushed(entries(group), events.size(), took);
                tell(first, group);
                return;
            } catch (ConcurrencyException | AggregateStreamCreationException conflict) {
                if (endCertainly(group, events, uncertain, deadline, conflict)) {
                    metrics.conflict();
                }
                return;
            } catch (RuntimeException failure) {
                if (isCertain(failure)) {
                    if (!(failure instanceof ShardNotOwnedException)) {
                        metrics.refused();
                    }
                    endCertainly(group, events, uncertain, deadline, failure);
                    return;
                }
                if (!uncertain) {
                    log.warn("An append has no certain outcome yet and is tried again: {}", failure.toString());
                }
                uncertain = true;
                metrics.uncertain();
                if (closed || System.nanoTime() > deadline) {
                    unknown(group, "The event store went away while it wrote", failure);
                    return;
                }
                pause(attempt);
            }
        }
    }

    /**
     * Whether the group is not stored. The last try failed for certain, but an earlier one with an uncertain outcome may have stored
     * it, so the store is checked.
     */
    private boolean endCertainly(
            List<Append> group,
            List<EventMessage<?>> events,
            boolean uncertain,
            long deadline,
            RuntimeException failure) {
        if (uncertain && isStored(events, deadline)) {
            stored(group);
            return false;
        }
        if (group.size() == 1) {
            group.forEach(append -> append.done.completeExceptionally(failure));
        } else {
            // The transaction failed as a whole: each batch gets a transaction of its own.
            group.forEach(append -> flush(List.of(append), uncertain));
        }
        return true;
    }

    /** The facts are committed, whatever the listener does. */
    private void tell(long firstPosition, List<Append> group) {
        try {
            commits.committed(firstPosition, entries(group));
        } catch (RuntimeException failure) {
            log.warn("The tail of the log was not told of a commit and reads it from the rows", failure);
        }
    }

    private static List<GenericDomainEventEntry<byte[]>> entries(List<Append> group) {
        List<GenericDomainEventEntry<byte[]>> entries = new ArrayList<>();
        group.forEach(append -> entries.addAll(append.entries));
        return entries;
    }

    /** Returns the position of the first fact, if it is known. */
    private long write(List<Append> group) {
        Append first = group.getFirst();
        if (!first.isGroupable()) {
            insert.writeChecked(first.claim, () -> super.appendEvents(first.events));
            return GroupInsert.UNKNOWN_POSITION;
        }
        try {
            return insert.write(
                    group.stream().map(Append::rows).toList(),
                    group.stream().map(Append::claim).toList());
        } catch (SQLException failure) {
            if (duplicateKeys.isDuplicateKeyViolation(failure)) {
                throw new ConcurrencyException("Another writer was first", failure);
            }
            throw new EventStoreException("The facts of a group could not be written", failure);
        }
    }

    /** One transaction stored all of them or none, so checking the first is enough. */
    private boolean isStored(List<EventMessage<?>> events, long deadline) {
        String first = events.getFirst().getIdentifier();
        for (int attempt = 1; ; attempt++) {
            try {
                return identifiers.contains(first);
            } catch (RuntimeException failure) {
                if (closed || System.nanoTime() > deadline) {
                    throw new OutcomeUnknownException("The event store went away while it was asked", failure);
                }
                pause(attempt);
            }
        }
    }

    private static void pause(int attempt) {
        long backoff = Math.min(BACKOFF_MAX.toMillis(), 10L << Math.min(attempt, 10));
        LockSupport.parkNanos(
                TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextLong(backoff / 2, backoff + 1)));
    }

    private static boolean isCertain(Throwable failure) {
        if (failure instanceof ShardNotOwnedException) {
            return true;
        }
        Throwable cause = Causes.find(failure, one -> one instanceof SQLException sql && sql.getSQLState() != null);
        return cause instanceof SQLException sql && CERTAIN_FAILURES.stream().anyMatch(sql.getSQLState()::startsWith);
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    /** Writes what waits and accepts no more. */
    @Override
    public void close() {
        closed = true;
        try {
            flusher.join(CLOSE_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public DomainEventStream readEvents(String aggregateIdentifier, long firstSequenceNumber) {
        DomainEventStream ahead = PrefetchedEvents.events(aggregateIdentifier, firstSequenceNumber);
        return ahead != null ? ahead : super.readEvents(aggregateIdentifier, firstSequenceNumber);
    }

    @Override
    public Optional<DomainEventMessage<?>> readSnapshot(String aggregateIdentifier) {
        return PrefetchedEvents.events(aggregateIdentifier, 0) != null
                ? Optional.empty()
                : super.readSnapshot(aggregateIdentifier);
    }
}
