package dev.onsale.command.bus;

import dev.onsale.platform.failure.Causes;
import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.gateway.RetryScheduler;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;

/**
 * Tries again, on fresh state, what lost against another writer of the same aggregate. Two nodes may own a key for a
 * moment; the store's unique key lets one of them win.
 */
final class ConflictRetry implements RetryScheduler, Supervised, AutoCloseable {

    static final int TRIES_MAX = 5;
    private static final long BACKOFF_MIN_MS = 5;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(1);
    private static final Duration SILENT_MAX = Duration.ofMinutes(1);

    /** Not a bean of its own: Spring Boot gives up its executor for blocking endpoints as soon as it finds another. */
    private final PeriodicTasks timer = new PeriodicTasks("conflict-retry");

    private final SupervisedWork work = SupervisedWork.onDemand("conflict-retry", SILENT_MAX);

    /** Retries that are waiting. */
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

    /** Sends waiting retries at once. The bus is closed by then and answers each. */
    @Override
    public void close() {
        timer.stopNow(STOP_PATIENCE);
        waiting.forEach(this::send);
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
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
            // Full jitter: retries with the same pause would conflict again.
            long pause = ThreadLocalRandom.current().nextLong(1, backoff + 1);
            timer.after(Duration.ofMillis(pause), work, () -> send(commandDispatch));
            return true;
        } catch (RejectedExecutionException closed) {
            // close() has sent it, and the bus answers it.
            return !waiting.remove(commandDispatch);
        }
    }

    private static boolean isConflict(Throwable failure) {
        return Causes.has(failure, ConcurrencyException.class)
                || Causes.has(failure, AggregateStreamCreationException.class);
    }
}
