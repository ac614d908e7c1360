package dev.onsale.platform.supervision;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Threads that a library runs its tasks on. A library that loses a task to an {@code Error} does not go on with it: the work has
 * {@link SupervisedWork#ended ended}. Exceptions are the library's to handle.
 */
public final class LibraryThreads extends ScheduledThreadPoolExecutor {

    private final SupervisedWork work;

    public LibraryThreads(SupervisedWork work, int threads) {
        super(threads, Thread.ofPlatform().daemon().name(work.name() + "-", 0).factory());
        this.work = work;
        work.started();
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable task) {
        work.begin();
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
        work.end();
        Throwable failure = thrown;
        if (failure == null && task instanceof Future<?> future && future.isDone()) {
            failure = future.state() == Future.State.FAILED ? future.exceptionNow() : null;
        }
        if (failure instanceof Error) {
            work.ended(failure);
        } else if (failure != null) {
            work.failed(failure);
        } else {
            work.completed();
        }
    }

    @Override
    protected void terminated() {
        work.stopped();
    }
}
