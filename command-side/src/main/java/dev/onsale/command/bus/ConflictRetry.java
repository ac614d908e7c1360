package dev.onsale.command.bus;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.gateway.RetryScheduler;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;

/**
 * Tries again, on fresh state, what lost against another writer of the same aggregate. Two nodes may own a key for a
 * moment; the store's unique key lets one of them win.
 */
final class ConflictRetry implements RetryScheduler, AutoCloseable {

    static final int TRIES_MAX = 5;
    private static final long BACKOFF_MIN_MS = 5;

    /** Not a bean of its own: Spring Boot gives up its executor for blocking endpoints as soon as it finds another. */
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "conflict-retry");
        thread.setDaemon(true);
        return thread;
    });

    /** Retries that wait for their moment. */
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

    /** Sends what still waits at once: the bus, which takes no more by then, gives each its answer. */
    @Override
    public void close() {
        timer.shutdownNow();
        waiting.forEach(this::send);
    }

    private void send(Runnable retry) {
        if (waiting.remove(retry)) {
            retry.run();
        }
    }

    @Override
    @SuppressWarnings("rawtypes") // The signature is Axon's.
    public boolean scheduleRetry(
            CommandMessage commandMessage,
            RuntimeException lastFailure,
            List<Class<? extends Throwable>[]> failures,
            Runnable commandDispatch) {
        if (failures.size() >= TRIES_MAX || !isConflict(lastFailure)) {
            return false;
        }
        long backoff = BACKOFF_MIN_MS << failures.size();
        waiting.add(commandDispatch);
        try {
            // Full jitter: losers that wait equally long meet again.
            var unused = timer.schedule(
                    () -> send(commandDispatch),
                    ThreadLocalRandom.current().nextLong(1, backoff + 1),
                    TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException closed) {
            // Whoever sends it in close() answers it.
            return !waiting.remove(commandDispatch);
        }
    }

    private static boolean isConflict(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConcurrencyException || cause instanceof AggregateStreamCreationException) {
                return true;
            }
        }
        return false;
    }
}
