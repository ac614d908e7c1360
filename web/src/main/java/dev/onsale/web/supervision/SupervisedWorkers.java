package dev.onsale.web.supervision;

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

    private final SupervisedWork work;
    private final ThreadPoolExecutor threads;

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
        threads.execute(work.periodic(() -> {
            try {
                task.run();
            } catch (RuntimeException stopping) {
                if (!threads.isShutdown()) {
                    throw stopping;
                }
                log.debug("{} was interrupted by the stop", work.name(), stopping);
            }
        }));
    }

    /** Interrupts what is under way and forgets what waits. */
    public void stopNow() {
        threads.shutdownNow();
        work.stopped();
    }
}
