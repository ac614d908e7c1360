package dev.onsale.platform.supervision;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Supervises the event loops of the web server: each has to run a task within a limit. One that is blocked, or has ended, answers no
 * request of its connections.
 */
final class EventLoopSupervision extends PeriodicBean {

    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    /** A pause between two looks after which the process counts as frozen. */
    private static final Duration FROZEN_AFTER = LOOK_EVERY.multipliedBy(5);

    private static final Duration SILENT_MAX = Duration.ofMinutes(1);

    private final Supplier<? extends Iterable<EventExecutor>> loops;
    private final Duration answerMax;
    private final LongSupplier nanoTime;
    // Belongs to the thread that looks.
    private final Map<EventExecutor, Probe> probes = new HashMap<>();
    private long lookedAt;

    private static final class Probe {
        final long sentAt;
        volatile boolean answered;

        Probe(long sentAt) {
            this.sentAt = sentAt;
        }
    }

    private static final class EventLoopFailure extends Error {

        private static final long serialVersionUID = 1L;

        EventLoopFailure(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    EventLoopSupervision(Supplier<? extends Iterable<EventExecutor>> loops) {
        this(loops, ANSWER_MAX, LOOK_EVERY, System::nanoTime);
    }

    /**
     * @param answerMax how long a task may wait for its event loop
     */
    EventLoopSupervision(
            Supplier<? extends Iterable<EventExecutor>> loops,
            Duration answerMax,
            Duration lookEvery,
            LongSupplier nanoTime) {
        super(new SupervisedWork("http-event-loops", SILENT_MAX), lookEvery);
        this.loops = loops;
        this.answerMax = answerMax;
        this.nanoTime = nanoTime;
        this.lookedAt = nanoTime.getAsLong();
    }

    /** One look at all loops. */
    @Override
    protected void round() {
        long now = nanoTime.getAsLong();
        if (now - lookedAt > FROZEN_AFTER.toNanos()) {
            // This thread did not run either: the whole process was frozen, not its event loops.
            probes.clear();
        }
        lookedAt = now;
        Duration longest = Duration.ZERO;
        for (EventExecutor loop : loops.get()) {
            Duration waited = look(loop, now);
            longest = waited.compareTo(longest) > 0 ? waited : longest;
        }
        if (longest.compareTo(answerMax) > 0) {
            throw new EventLoopFailure(
                    "an event loop of the web server has run no task for " + longest.toSeconds() + " s", null);
        }
    }

    /** How long the last task has waited. */
    private Duration look(EventExecutor loop, long now) {
        Probe last = probes.get(loop);
        if (last != null && !last.answered) {
            return Duration.ofNanos(now - last.sentAt);
        }
        Probe next = new Probe(now);
        try {
            loop.execute(() -> next.answered = true);
        } catch (RejectedExecutionException ended) {
            throw new EventLoopFailure("an event loop of the web server has ended", ended);
        }
        probes.put(loop, next);
        return Duration.ZERO;
    }

    /** After the web server; and it stops before it. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
