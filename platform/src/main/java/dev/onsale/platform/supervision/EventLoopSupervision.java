package dev.onsale.platform.supervision;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Supervises the event loops of the web server: each has to run a task within a limit. One that is blocked, or has ended, answers no
 * request of its connections, and nothing else would tell.
 */
final class EventLoopSupervision implements SmartLifecycle, Supervised {

    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final Duration SILENT_MAX = Duration.ofMinutes(1);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private final Supplier<? extends Iterable<EventExecutor>> loops;
    private final Duration answerMax;
    private final Duration lookEvery;
    private final SupervisedWork work = new SupervisedWork("http-event-loops", SILENT_MAX);
    // Belongs to the thread that looks.
    private final Map<EventExecutor, Probe> probes = new HashMap<>();
    private @Nullable PeriodicTasks watch;

    private static final class Probe {
        final long sentAt = System.nanoTime();
        volatile boolean answered;
    }

    private static final class EventLoopFailure extends Error {

        private static final long serialVersionUID = 1L;

        EventLoopFailure(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    EventLoopSupervision(Supplier<? extends Iterable<EventExecutor>> loops) {
        this(loops, ANSWER_MAX, LOOK_EVERY);
    }

    /**
     * @param answerMax how long a task may wait for its event loop
     */
    EventLoopSupervision(Supplier<? extends Iterable<EventExecutor>> loops, Duration answerMax, Duration lookEvery) {
        this.loops = loops;
        this.answerMax = answerMax;
        this.lookEvery = lookEvery;
    }

    /** One look at all loops. */
    private void look() {
        Duration longest = Duration.ZERO;
        for (EventExecutor loop : loops.get()) {
            Duration waited = look(loop);
            longest = waited.compareTo(longest) > 0 ? waited : longest;
        }
        if (longest.compareTo(answerMax) > 0) {
            throw new EventLoopFailure(
                    "an event loop of the web server has run no task for " + longest.toSeconds() + " s", null);
        }
    }

    /** How long the last task has waited. */
    private Duration look(EventExecutor loop) {
        Probe last = probes.get(loop);
        if (last != null && !last.answered) {
            return Duration.ofNanos(System.nanoTime() - last.sentAt);
        }
        Probe next = new Probe();
        try {
            loop.execute(() -> next.answered = true);
        } catch (RejectedExecutionException ended) {
            throw new EventLoopFailure("an event loop of the web server has ended", ended);
        }
        probes.put(loop, next);
        return Duration.ZERO;
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    /** After the web server; and it stops before it. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    @Override
    public synchronized void start() {
        if (watch == null) {
            PeriodicTasks started = new PeriodicTasks(work.name());
            var unused = started.every(lookEvery, work, this::look);
            watch = started;
        }
    }

    @Override
    public synchronized void stop() {
        if (watch != null) {
            watch.stopNow(STOP_PATIENCE);
            watch = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return watch != null;
    }
}
