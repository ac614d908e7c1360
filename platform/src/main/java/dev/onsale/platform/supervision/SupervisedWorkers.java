package dev.onsale.platform.supervision;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A fixed number of threads that take tasks from a queue. What a task throws is logged and counted, and ends no thread. Thread-safe. */
public final class SupervisedWorkers implements Executor {

    private static final Logger log = LoggerFactory.getLogger(SupervisedWorkers.class);

    private static final int REPLACED_MAX = 4;

    private final SupervisedWork work;
    private final int size;
    private final ThreadPoolExecutor threads;
    private final Set<Thread> replaced = new HashSet<>();

    public SupervisedWorkers(SupervisedWork work, int threads) {
        this(work, threads, new LinkedBlockingQueue<>());
    }

    /**
     * @param waitingMax tasks that wait at most; more are rejected
     */
    public SupervisedWorkers(SupervisedWork work, int threads, int waitingMax) {
        this(work, threads, new ArrayBlockingQueue<>(waitingMax));
    }

    private SupervisedWorkers(SupervisedWork work, int threads, BlockingQueue<Runnable> waiting) {
        this.work = work;
        this.size = threads;
        this.threads = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                waiting,
                Thread.ofPlatform().daemon().name(work.name()).factory());
    }

    /**
     * @throws RejectedExecutionException if too many wait, or this is stopped
     */
    @Override
    public void execute(Runnable task) {
        threads.execute(work.periodic(task, threads::isShutdown));
    }

    /**
     * Interrupts tasks that are silent. Until such a task ends, another thread takes its place; at most four are replaced.
     *
     * @return the threads that were interrupted by this call
     */
    public synchronized Set<Thread> replaceSilent() {
        Set<Thread> silent = work.silentThreads();
        replaced.retainAll(silent);
        Set<Thread> interrupted = new HashSet<>();
        for (Thread thread : silent) {
            if (replaced.add(thread)) {
                log.warn("A task of {} makes no progress and is interrupted", work.name());
                interrupted.add(thread);
                thread.interrupt();
            }
        }
        resize(size + Math.min(REPLACED_MAX, replaced.size()));
        return interrupted;
    }

    private void resize(int wanted) {
        if (wanted > threads.getMaximumPoolSize()) {
            threads.setMaximumPoolSize(wanted);
            threads.setCorePoolSize(wanted);
        } else if (wanted < threads.getMaximumPoolSize()) {
            threads.setCorePoolSize(wanted);
            threads.setMaximumPoolSize(wanted);
        }
    }

    /** Lets what is under way end, for that long. */
    public void stop(Duration patience) {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
        work.stopped();
    }

    /** Interrupts what is under way and forgets what waits. */
    public void stopNow() {
        threads.shutdownNow();
        work.stopped();
    }
}
