package dev.onsale.platform.supervision;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * Threads for tasks that somebody waits for. A failure reaches the caller through the task's future; what no future
 * takes is logged and counted ({@code onsale.supervised.uncaught}).
 */
public final class TaskThreads {

    private TaskThreads() {}

    /**
     * @param prefix of the names of the threads
     */
    public static ExecutorService perTask(String prefix) {
        return Executors.newThreadPerTaskExecutor(factory(prefix));
    }

    /** Platform threads that are kept, for parts of one task that waits for all of them. */
    public static ExecutorService fixed(String prefix, int threads) {
        return Executors.newFixedThreadPool(
                threads,
                Thread.ofPlatform()
                        .daemon()
                        .name(prefix, 0)
                        .uncaughtExceptionHandler(UncaughtFailures.HANDLER)
                        .factory());
    }

    /** Starts a task of its own. */
    public static void start(String name, Runnable task) {
        Thread.ofVirtual()
                .name(name)
                .uncaughtExceptionHandler(UncaughtFailures.HANDLER)
                .start(task);
    }

    private static ThreadFactory factory(String prefix) {
        return Thread.ofVirtual()
                .name(prefix, 0)
                .uncaughtExceptionHandler(UncaughtFailures.HANDLER)
                .factory();
    }
}
