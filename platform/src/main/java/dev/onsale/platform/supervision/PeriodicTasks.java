package dev.onsale.platform.supervision;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that runs supervised tasks at intervals. Thread-safe. */
public final class PeriodicTasks {

    private static final Logger log = LoggerFactory.getLogger(PeriodicTasks.class);

    private final String name;
    private final ScheduledExecutorService executor;
    private final Set<SupervisedWork> works = ConcurrentHashMap.newKeySet();

    /**
     * @param name of the thread, which does not keep the process alive
     */
    public PeriodicTasks(String name) {
        this.name = name;
        this.executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    /** Runs a round again and again, with a pause after each, however it ended. */
    public ScheduledFuture<?> every(Duration first, Duration pause, SupervisedWork work, Runnable round) {
        return executor.scheduleWithFixedDelay(
                supervised(work, round), first.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** As {@link #every(Duration, Duration, SupervisedWork, Runnable)}, with a pause before the first. */
    public ScheduledFuture<?> every(Duration pause, SupervisedWork work, Runnable round) {
        return every(pause, pause, work, round);
    }

    /**
     * Runs a task once.
     *
     * @throws RejectedExecutionException if this is stopped
     */
    public void after(Duration delay, SupervisedWork work, Runnable task) {
        var unused = executor.schedule(supervised(work, task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Runnable supervised(SupervisedWork work, Runnable task) {
        works.add(work);
        return work.periodic(task, executor::isShutdown);
    }

    public boolean isStopped() {
        return executor.isShutdown();
    }

    /** Interrupts the round under way and waits for its end. */
    public void stopNow(Duration patience) {
        executor.shutdownNow();
        await(patience);
    }

    /** Lets the round under way end; none begins any more. */
    public void stop(Duration patience) {
        executor.shutdown();
        await(patience);
    }

    private void await(Duration patience) {
        try {
            if (!executor.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("{} did not stop in {} s", name, patience.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        works.forEach(SupervisedWork::stopped);
    }
}
