package dev.onsale.waitingroom.redis;

import dev.onsale.web.supervision.Supervised;
import dev.onsale.web.supervision.SupervisedWork;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Keeps the clock of Redis up to date. */
public final class RedisClockReader implements SmartLifecycle, Supervised {

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration READ_MAX = Duration.ofSeconds(5);
    private static final Duration SILENT_MAX = Duration.ofMinutes(1);

    /** Starts after the connection to Redis and stops before it; before whatever reads the clock. */
    private static final int PHASE = 10;

    private final RedisClock clock;
    private final SupervisedWork work = new SupervisedWork("waiting-room-clock", SILENT_MAX);
    private @Nullable ScheduledThreadPoolExecutor thread;

    public RedisClockReader(RedisClock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void start() {
        if (thread != null) {
            return;
        }
        // A Redis that is away does not stop the start; scripts cannot run meanwhile anyway.
        work.attempt(this::read);
        ScheduledThreadPoolExecutor started = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("waiting-room-clock").daemon().factory());
        // Failures are told by the supervised work, so nobody asks this future.
        Future<?> unused = started.scheduleWithFixedDelay(
                work.periodic(this::read), EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        thread = started;
    }

    private void read() {
        clock.read().block(READ_MAX);
    }

    @Override
    public synchronized void stop() {
        ScheduledThreadPoolExecutor running = thread;
        thread = null;
        if (running != null) {
            end(running);
            work.stopped();
        }
    }

    /** A reading that is on its way ends by itself: interrupted, it would count as a failure. */
    private static void end(ScheduledThreadPoolExecutor running) {
        running.shutdown();
        try {
            if (!running.awaitTermination(READ_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                running.shutdownNow();
            }
        } catch (InterruptedException e) {
            running.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }
}
