package dev.onsale.platform.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs tasks for the rest of Onsale goes on after any failure of a task. */
class SupervisedTasksTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(1);

    static List<Throwable> everyKindOfFailure() {
        return SupervisedWorkTest.everyKindOfFailure();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }

    private static Runnable failingTwice(AtomicInteger rounds, Throwable failure) {
        return () -> {
            if (rounds.incrementAndGet() <= 2) {
                SupervisedTasksTest.<RuntimeException>sneak(failure);
            }
        };
    }

    @ParameterizedTest
    @MethodSource("everyKindOfFailure")
    void a_round_that_fails_is_followed_by_the_next(Throwable failure) {
        SupervisedWork work = new SupervisedWork("rounds", PATIENCE);
        PeriodicTasks tasks = new PeriodicTasks("rounds");
        AtomicInteger rounds = new AtomicInteger();
        try {
            var unused = tasks.every(PAUSE, work, failingTwice(rounds, failure));
            await().atMost(PATIENCE).until(() -> rounds.get() > 3 && work.state() == SupervisedWork.State.RUNNING);
        } finally {
            tasks.stopNow(PATIENCE);
        }
        assertThat(work.failures()).isEqualTo(2);
        assertThat(work.state()).isEqualTo(SupervisedWork.State.STOPPED);
    }

    @ParameterizedTest
    @MethodSource("everyKindOfFailure")
    void a_task_that_fails_does_not_hold_up_another_of_the_same_thread(Throwable failure) {
        SupervisedWork broken = new SupervisedWork("broken", PATIENCE);
        SupervisedWork whole = new SupervisedWork("whole", PATIENCE);
        PeriodicTasks tasks = new PeriodicTasks("both");
        AtomicInteger rounds = new AtomicInteger();
        try {
            var unusedBroken = tasks.every(PAUSE, broken, () -> SupervisedTasksTest.<RuntimeException>sneak(failure));
            var unusedWhole = tasks.every(PAUSE, whole, rounds::incrementAndGet);
            await().atMost(PATIENCE).until(() -> rounds.get() > 5 && broken.failures() > 5);
        } finally {
            tasks.stopNow(PATIENCE);
        }
        assertThat(whole.failures()).isZero();
    }

    @ParameterizedTest
    @MethodSource("everyKindOfFailure")
    void workers_take_the_next_task_after_one_that_failed(Throwable failure) {
        SupervisedWork work = new SupervisedWork("workers", PATIENCE);
        SupervisedWorkers workers = new SupervisedWorkers(work, 1);
        AtomicInteger tasks = new AtomicInteger();
        try {
            for (int i = 0; i < 4; i++) {
                workers.execute(failingTwice(tasks, failure));
            }
            await().atMost(PATIENCE).until(() -> tasks.get() == 4 && work.state() == SupervisedWork.State.RUNNING);
        } finally {
            workers.stopNow();
        }
        assertThat(work.failures()).isEqualTo(2);
    }

    private static void hang(AtomicBoolean end, boolean endsByInterrupt) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!end.get() && System.nanoTime() < until && !(Thread.interrupted() && endsByInterrupt)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_task_that_hangs_is_interrupted_and_another_thread_takes_its_place(boolean endsByInterrupt) {
        SupervisedWork work = SupervisedWork.onDemand("workers", Duration.ofMillis(300));
        SupervisedWorkers workers = new SupervisedWorkers(work, 1);
        AtomicBoolean end = new AtomicBoolean();
        AtomicInteger done = new AtomicInteger();
        try {
            workers.execute(() -> hang(end, endsByInterrupt));
            workers.execute(done::incrementAndGet);
            await().atMost(PATIENCE).until(() -> {
                workers.replaceSilent();
                return done.get() == 1;
            });
            if (!endsByInterrupt) {
                assertThat(work.state()).isEqualTo(SupervisedWork.State.SILENT);
                assertThat(workers.replaceSilent()).as("interrupted again").isEmpty();
            }
            end.set(true);
            await().atMost(PATIENCE).until(() -> work.state() == SupervisedWork.State.RUNNING);
            assertThat(workers.replaceSilent()).isEmpty();
            workers.execute(done::incrementAndGet);
            await().atMost(PATIENCE).until(() -> done.get() == 2);
        } finally {
            end.set(true);
            workers.stopNow();
        }
    }

    @ParameterizedTest
    @MethodSource("everyKindOfFailure")
    void a_failure_that_no_future_takes_is_counted_and_one_that_a_future_takes_reaches_its_caller(Throwable failure) {
        long before = UncaughtFailures.HANDLER.count();
        try (ExecutorService threads = TaskThreads.perTask("task-")) {
            threads.execute(() -> SupervisedTasksTest.<RuntimeException>sneak(failure));
            await().atMost(PATIENCE).until(() -> UncaughtFailures.HANDLER.count() == before + 1);
            CompletableFuture<Void> asked =
                    CompletableFuture.runAsync(() -> SupervisedTasksTest.<RuntimeException>sneak(failure), threads);
            assertThat(asked).failsWithin(PATIENCE).withThrowableThat().withCause(failure);
        }
        assertThat(UncaughtFailures.HANDLER.count()).isEqualTo(before + 1);
    }

    @Test
    void an_error_that_a_library_loses_ends_its_work_for_good() {
        SupervisedWork work = new SupervisedWork("library", PATIENCE);
        LibraryThreads threads = new LibraryThreads(work, 1);
        try {
            var unusedException = threads.submit(() -> {
                throw new IllegalStateException("away");
            });
            await().atMost(PATIENCE).until(() -> work.state() == SupervisedWork.State.RETRYING);
            var unusedError = threads.schedule(
                    () -> {
                        throw new NoClassDefFoundError("injected");
                    },
                    1,
                    TimeUnit.MILLISECONDS);
            await().atMost(PATIENCE).until(() -> work.state() == SupervisedWork.State.FAILED);
            AtomicInteger later = new AtomicInteger();
            threads.execute(later::incrementAndGet);
            await().atMost(PATIENCE).until(() -> later.get() == 1 && threads.getCompletedTaskCount() == 3);
            assertThat(work.state()).isEqualTo(SupervisedWork.State.FAILED);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_round_that_the_stop_interrupts_is_no_failure() {
        SupervisedWork work = new SupervisedWork("stopped", PATIENCE);
        PeriodicTasks tasks = new PeriodicTasks("stopped");
        AtomicInteger begun = new AtomicInteger();
        var unused = tasks.every(Duration.ZERO, PAUSE, work, () -> {
            begun.incrementAndGet();
            try {
                new java.util.concurrent.CountDownLatch(1).await(1, TimeUnit.MINUTES);
            } catch (InterruptedException stopping) {
                throw new IllegalStateException("interrupted", stopping);
            }
        });
        await().atMost(PATIENCE).until(() -> begun.get() == 1);
        tasks.stopNow(PATIENCE);
        assertThat(work.failures()).isZero();
    }
}
