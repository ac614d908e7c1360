package dev.onsale.testsupport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Runs tasks concurrently on virtual threads. */
public final class Races {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private Races() {}

    /** {@link #together(int, Duration, IntFunction)} with a limit of one minute. */
    public static <T extends @Nullable Object> List<Outcome<T>> together(int n, IntFunction<Callable<T>> tasks)
            throws InterruptedException {
        return together(n, LIMIT, tasks);
    }

    /**
     * Releases n tasks from one barrier and waits for all of them.
     *
     * @return one outcome per task, in task order; a task that exceeded the limit was interrupted and failed with a
     *     {@link TimeoutException}
     */
    public static <T extends @Nullable Object> List<Outcome<T>> together(
            int n, Duration limit, IntFunction<Callable<T>> tasks) throws InterruptedException {
        var lined = new CountDownLatch(n);
        var start = new CountDownLatch(1);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<T>> running = new ArrayList<>(n);
            for (int i = 0; i < n; i++) {
                Callable<T> task = tasks.apply(i);
                running.add(threads.submit(() -> {
                    lined.countDown();
                    start.await();
                    return task.call();
                }));
            }
            lined.await();
            start.countDown();
            long deadline = System.nanoTime() + limit.toNanos();
            List<Outcome<T>> outcomes = new ArrayList<>(n);
            for (Future<T> future : running) {
                outcomes.add(outcome(future, deadline));
            }
            return outcomes;
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T extends @Nullable Object> Outcome<T> outcome(Future<T> future, long deadline)
            throws InterruptedException {
        try {
            return new Outcome.Returned<>(future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            return new Outcome.Failed<>(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            return new Outcome.Failed<>(e);
        }
    }

    /** The outcome of one task. */
    public sealed interface Outcome<T extends @Nullable Object> {

        record Returned<T extends @Nullable Object>(T value) implements Outcome<T> {}

        /** The task threw or exceeded the time limit. */
        record Failed<T extends @Nullable Object>(Throwable cause) implements Outcome<T> {}
    }

    /** The values of the tasks that returned, in task order. */
    public static <T extends @Nullable Object> List<T> returned(List<Outcome<T>> outcomes) {
        List<T> values = new ArrayList<>();
        for (Outcome<T> outcome : outcomes) {
            if (outcome instanceof Outcome.Returned<T> returned) {
                values.add(returned.value());
            }
        }
        return values;
    }

    /** The exceptions of the tasks that failed, in task order. */
    public static <T extends @Nullable Object> List<Throwable> failures(List<Outcome<T>> outcomes) {
        List<Throwable> causes = new ArrayList<>();
        for (Outcome<T> outcome : outcomes) {
            if (outcome instanceof Outcome.Failed<T> failed) {
                causes.add(failed.cause());
            }
        }
        return causes;
    }
}
