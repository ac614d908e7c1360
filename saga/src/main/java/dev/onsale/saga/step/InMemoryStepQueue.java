package dev.onsale.saga.step;

import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.platform.supervision.TaskThreads;
import dev.onsale.saga.SagaProperties;
import dev.onsale.saga.step.StepTable.GivenBack;
import dev.onsale.saga.step.StepTable.NewRow;
import dev.onsale.saga.step.StepTable.StepKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Takes steps from memory that this node has just written, and writes how they ended many at once. Nearly every step ends with
 * its first try; what does not goes back to the table, and the scheduler has it from there.
 *
 * <h2>Where a process may die</h2>
 * Between the commit of a row and its removal: the row carries this node's name, whose heartbeat stops. The scheduler of another
 * node, or of the next start, takes it over as a step that may have had its effect.
 */
final class InMemoryStepQueue implements Supervised {

    private static final Logger LOG = LoggerFactory.getLogger(InMemoryStepQueue.class);

    private static final int RESULTS_AT_ONCE_MAX = 500;
    private static final Duration IDLE_LOOK = Duration.ofMillis(200);
    private static final Duration SILENT_MAX = Duration.ofMinutes(2);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(500);

    /** Longer than the time-outs of all calls of one step together. */
    private static final Duration STEP_MAX = Duration.ofMinutes(5);

    private final StepTable table;
    private final TransactionOperations transactions;
    private final Backoff backoff;
    private final StepFailures failures;
    private final Clock clock;
    private final SagaProperties settings;
    private final Semaphore turns;
    private final AtomicInteger inMemory = new AtomicInteger();
    private final BlockingQueue<Ended> results = new LinkedBlockingQueue<>();
    private final SupervisedWork resultsWork = new SupervisedWork("saga-step-results", SILENT_MAX);
    private final SupervisedWork heartbeatWork;
    private final SupervisedWork taking = SupervisedWork.onDemand("saga-steps", STEP_MAX);
    private final StepRunner runner;
    private @Nullable Thread writer;
    private volatile @Nullable Running running;

    private record Ended(Step step, StepResult result) {}

    private record Running(
            Map<String, StepHandler<?>> handlers,
            Runnable announce,
            ExecutorService tries,
            CountDownLatch draining,
            CountDownLatch end) {

        boolean isDraining() {
            return draining.getCount() == 0;
        }
    }

    InMemoryStepQueue(
            StepTable table,
            TransactionOperations transactions,
            Backoff backoff,
            StepFailures failures,
            Clock clock,
            SagaProperties settings) {
        this.table = table;
        this.transactions = transactions;
        this.backoff = backoff;
        this.failures = failures;
        this.runner = new StepRunner(taking, failures);
        this.clock = clock;
        this.settings = settings;
        this.turns = new Semaphore(settings.stepThreadsMax());
        this.heartbeatWork = new SupervisedWork(
                "saga-step-heartbeat", SILENT_MAX.plus(settings.stepHeartbeat().multipliedBy(2)));
    }

    /** Runs steps. */
    StepRunner runner() {
        return runner;
    }

    /** Steps, waiting or under way, whose outcome is not yet written. */
    int inMemory() {
        return inMemory.get();
    }

    /** Whether this node will take the step; then {@link #take}, {@link #leave} or {@link #release} must follow. */
    boolean reserve(Step step) {
        Running current = running;
        if (current == null || !current.handlers().containsKey(step.kind())) {
            return false;
        }
        if (inMemory.incrementAndGet() > settings.stepsInMemoryMax()) {
            inMemory.decrementAndGet();
            return false;
        }
        return true;
    }

    void release() {
        inMemory.decrementAndGet();
    }

    void take(Step step) {
        Running current = running;
        StepHandler<?> handler = current == null ? null : current.handlers().get(step.kind());
        if (current == null || handler == null) {
            leave(step);
            return;
        }
        try {
            current.tries().execute(() -> results.add(new Ended(step, attempt(handler, step))));
        } catch (RejectedExecutionException stopping) {
            leave(step);
        }
    }

    /** Gives the step back untried, if its row is there. */
    void leave(Step step) {
        results.add(new Ended(step, new StepResult.Again(step, clock.instant())));
    }

    private <S extends Step> StepResult attempt(StepHandler<S> handler, Step step) {
        S mine = handler.type().cast(step);
        try {
            turns.acquire();
        } catch (InterruptedException stopping) {
            return new StepResult.Again(step, clock.instant());
        }
        try {
            // A stop waits for what has begun; what has not, begins on another node or with the next start.
            if (running == null) {
                return new StepResult.Again(step, clock.instant());
            }
            return runner.run(handler, mine);
        } catch (InterruptedException stopping) {
            return new StepResult.Unresolved(mine, "the node stops");
        } catch (RuntimeException | Error failure) {
            return StepResult.Unresolved.failed(mine, failure);
        } finally {
            turns.release();
        }
    }

    /**
     * @param announce lets the scheduler look for rows that are due
     */
    synchronized void start(List<StepHandler<?>> handlers, Runnable announce) {
        if (running != null) {
            return;
        }
        Map<String, StepHandler<?>> byKind = new LinkedHashMap<>();
        handlers.forEach(handler -> byKind.put(handler.kind(), handler));
        runner.serve(byKind);
        Running fresh = new Running(
                byKind,
                announce,
                // Nearly all of a step is waiting; a platform thread each would be memory for nothing.
                TaskThreads.perTask("saga-step-first-"),
                new CountDownLatch(1),
                new CountDownLatch(1));
        running = fresh;
        taking.started();
        List<Ended> batch = new ArrayList<>();
        writer = resultsWork.thread(resultsWork.restarting(
                () -> batch.isEmpty() && results.isEmpty() && fresh.isDraining(), () -> writeResults(fresh, batch)));
        writer.start();
        heartbeatWork
                .thread(heartbeatWork.restarting(() -> fresh.end().getCount() == 0, () -> beat(fresh.end())))
                .start();
    }

    synchronized void stop() {
        Running current = running;
        if (current == null) {
            return;
        }
        running = null;
        try {
            current.tries().shutdown();
            if (!awaited(current.tries())) {
                current.tries().shutdownNow();
                awaited(current.tries());
            }
            current.draining().countDown();
            if (writer != null && !writer.join(settings.stepDrainPatience())) {
                LOG.warn("{} steps are left for the next start or another node", inMemory.get());
                writer.interrupt();
            }
        } catch (InterruptedException e) {
            current.tries().shutdownNow();
            if (writer != null) {
                writer.interrupt();
            }
            Thread.currentThread().interrupt();
        } finally {
            current.draining().countDown();
            current.end().countDown();
            taking.stopped();
        }
    }

    private boolean awaited(ExecutorService executor) throws InterruptedException {
        return executor.awaitTermination(settings.stepDrainPatience().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void beat(CountDownLatch end) throws InterruptedException {
        while (!end.await(settings.stepHeartbeat().toMillis(), TimeUnit.MILLISECONDS)) {
            heartbeatWork.attempt(() -> {
                if (inMemory.get() > 0) {
                    table.heartbeat(clock.instant());
                }
            });
        }
    }

    /**
     * Ends when a stop was asked for and every result is written.
     *
     * @param batch results taken and not yet written; kept when the loop is started again
     */
    private void writeResults(Running current, List<Ended> batch) throws InterruptedException {
        while (!batch.isEmpty() || !results.isEmpty() || !current.isDraining()) {
            failures.look();
            if (batch.isEmpty()) {
                Ended first = results.poll(IDLE_LOOK.toMillis(), TimeUnit.MILLISECONDS);
                if (first == null) {
                    resultsWork.completed();
                    continue;
                }
                batch.add(first);
                results.drainTo(batch, RESULTS_AT_ONCE_MAX - 1);
            }
            boolean written = resultsWork.attempt(() -> write(batch, current.announce()));
            if (!written) {
                boolean unused = current.end().await(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(taking, resultsWork, heartbeatWork);
    }

    private void write(List<Ended> batch, Runnable announce) {
        Instant now = clock.instant();
        List<StepKey> gone = new ArrayList<>();
        List<GivenBack> later = new ArrayList<>();
        Map<StepKey, NewRow> others = new LinkedHashMap<>();
        for (Ended ended : batch) {
            switch (Outcome.of(ended.step(), ended.result(), 0, backoff, now)) {
                case Outcome.Gone done -> gone.add(StepKey.of(ended.step()));
                case Outcome.Later again -> later.add(new GivenBack(again.step(), again.due(), again.failed() ? 1 : 0));
                case Outcome.Replaced replaced -> {
                    gone.add(StepKey.of(ended.step()));
                    others.put(StepKey.of(replaced.other()), new NewRow(replaced.other(), replaced.due(), false));
                }
            }
        }
        transactions.executeWithoutResult(status -> {
            table.remove(gone);
            table.giveBack(later, now);
            if (!others.isEmpty()) {
                Set<StepKey> existing = table.existing(others.keySet());
                existing.forEach(others::remove);
                table.insert(List.copyOf(others.values()), now);
            }
        });
        inMemory.addAndGet(-batch.size());
        // Here and not later: what fails from now on must not give a step back twice.
        batch.clear();
        if (others.values().stream().anyMatch(row -> !row.due().isAfter(now))
                || later.stream().anyMatch(row -> !row.due().isAfter(now))) {
            announce.run();
        }
    }
}
