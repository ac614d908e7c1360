package dev.onsale.command.answers;

import dev.onsale.command.answers.AnswerTable.Row;
import dev.onsale.platform.idempotency.AnswerStore;
import dev.onsale.platform.idempotency.Fingerprint;
import dev.onsale.platform.idempotency.KeyClaim;
import dev.onsale.platform.idempotency.RequestKey;
import dev.onsale.platform.idempotency.StoredAnswer;
import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.platform.supervision.TaskThreads;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.beans.factory.DisposableBean;

/** Answers in the table {@code stored_answer}, with a filter of all their keys in memory. */
final class JdbcAnswerStore implements AnswerStore, Supervised, DisposableBean {

    private static final Duration SELDOM = Duration.ofMinutes(1);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    /** Longer than the slowest round of the same thread. */
    private static final Duration SILENT_MAX = Duration.ofMinutes(5);

    /** Batches of one round, which then takes a minute or two. */
    private static final int CLEAN_BATCHES_MAX = 1_000;

    /** A row may appear later than its time: it was stamped before its commit, by another clock. */
    private static final long FOLLOW_OVERLAP_MILLIS = 2_000;

    private final AnswerTable table;
    private final AnswerWriteBuffer behind;
    private final RequestKeyFilter names;
    private final AnswerProperties properties;
    private final AnswerMetrics metrics;
    private final Clock clock;
    private final Semaphore lookups;
    private final ExecutorService workers = TaskThreads.perTask("answers-");
    private final SupervisedWork writing;
    private final SupervisedWork following;
    private final SupervisedWork cleaning;
    private final SupervisedWork forgetting;
    private final PeriodicTasks writer = new PeriodicTasks("answers-write");
    private final PeriodicTasks upkeep = new PeriodicTasks("answers-upkeep");
    private long followedUntil;

    JdbcAnswerStore(AnswerTable table, AnswerProperties properties, AnswerMetrics metrics, Clock clock) {
        this.table = table;
        this.properties = properties;
        this.metrics = metrics;
        this.clock = clock;
        this.behind = new AnswerWriteBuffer(table, properties.waitingMax(), metrics, clock::millis);
        this.names = new RequestKeyFilter(properties.expectedPerPeriod());
        this.lookups = new Semaphore(properties.lookupsMax());
        this.writing =
                new SupervisedWork("answers-write", properties.writeEvery().plus(SILENT_MAX));
        this.following =
                new SupervisedWork("answers-follow", properties.followEvery().plus(SILENT_MAX)).optional();
        this.cleaning =
                new SupervisedWork("answers-clean", properties.cleanEvery().plus(SILENT_MAX)).optional();
        this.forgetting =
                new SupervisedWork("answers-forget", properties.keptFor().plus(SILENT_MAX)).optional();
    }

    /** Called once, before the first request. */
    void start() {
        every(writer, properties.writeEvery(), writing, behind::write);
        every(upkeep, properties.followEvery(), following, this::follow);
        every(upkeep, properties.cleanEvery(), cleaning, this::clean);
        every(upkeep, properties.keptFor(), forgetting, names::turn);
    }

    @Override
    public boolean mayKnow(RequestKey name) {
        return names.mayHave(name);
    }

    @Override
    public CompletionStage<Optional<StoredAnswer>> find(RequestKey name) {
        Optional<StoredAnswer> waiting = behind.find(name);
        if (waiting.isPresent()) {
            return CompletableFuture.completedStage(waiting);
        }
        if (!lookups.tryAcquire()) {
            return CompletableFuture.failedStage(new IllegalStateException("Too many answers are looked up"));
        }
        return asked(() -> table.find(name)
                        .filter(row -> !row.isLease() && !isOver(row))
                        .map(Row::answer))
                .whenComplete((found, failure) -> lookups.release());
    }

    @Override
    public void remember(RequestKey name, StoredAnswer answer) {
        behind.add(name, answer);
        names.add(name);
    }

    @Override
    public CompletionStage<KeyClaim> lease(RequestKey name, Fingerprint fingerprint) {
        return asked(() -> leased(name, fingerprint));
    }

    @Override
    public CompletionStage<Void> settle(RequestKey name, StoredAnswer answer) {
        return asked(() -> {
            table.settle(name, answer);
            names.add(name);
            return null;
        });
    }

    @Override
    public CompletionStage<Void> giveUp(RequestKey name) {
        return asked(() -> {
            table.giveUp(name);
            return null;
        });
    }

    private KeyClaim leased(RequestKey name, Fingerprint fingerprint) {
        long now = clock.millis();
        if (table.insertLease(name, fingerprint, now)) {
            return new KeyClaim.Granted();
        }
        Row row = table.find(name).orElse(null);
        if (row == null) {
            // Given up or removed between the two statements. Another request may hold it now.
            return new KeyClaim.Taken(fingerprint);
        }
        if (isOver(row)) {
            return table.takeOver(name, row, fingerprint, Math.max(now, row.at() + 1))
                    ? new KeyClaim.Granted()
                    : new KeyClaim.Taken(fingerprint);
        }
        return row.isLease() ? new KeyClaim.Taken(row.answer().fingerprint()) : new KeyClaim.Answered(row.answer());
    }

    private boolean isOver(Row row) {
        long age = clock.millis() - row.at();
        return age
                >= (row.isLease()
                        ? properties.leaseFor().toMillis()
                        : properties.keptFor().toMillis());
    }

    private void follow() {
        long now = clock.millis();
        if (names.isComplete()) {
            table.others(followedUntil - FOLLOW_OVERLAP_MILLIS, names::add);
        } else {
            table.all(now - properties.keptFor().toMillis(), names::add);
            names.complete();
        }
        followedUntil = now;
    }

    private void clean() {
        long over = clock.millis() - properties.keptFor().toMillis();
        int batches = 0;
        int removed;
        // The rest waits for the next round, because the thread has other tasks.
        do {
            removed = table.removeBefore(over, properties.cleanBatch());
            batches++;
        } while (removed == properties.cleanBatch() && batches < CLEAN_BATCHES_MAX && !upkeep.isStopped());
    }

    private <T> CompletableFuture<T> asked(Supplier<T> question) {
        metrics.lookup();
        return CompletableFuture.supplyAsync(question, workers)
                .orTimeout(properties.lookupPatience().toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void every(PeriodicTasks tasks, Duration pause, SupervisedWork work, Runnable chore) {
        Duration first = pause.compareTo(SELDOM) >= 0 ? pause : Duration.ZERO;
        var unused = tasks.every(first, pause, work, chore);
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(writing, following, cleaning, forgetting);
    }

    @Override
    public void destroy() {
        upkeep.stop(STOP_PATIENCE);
        writer.stop(STOP_PATIENCE);
        behind.write();
        workers.close();
    }
}
