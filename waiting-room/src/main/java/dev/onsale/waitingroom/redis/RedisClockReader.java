package dev.onsale.waitingroom.redis;

import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Reads the clock of Redis regularly. */
public final class RedisClockReader implements SmartLifecycle, Supervised {

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration READ_MAX = Duration.ofSeconds(5);
    private static final Duration SILENT_MAX = Duration.ofMinutes(1);

    /** Starts after the Redis connection and before everything that reads the clock. */
    private static final int PHASE = 10;

    private final RedisClock clock;
    private final SupervisedWork work = new SupervisedWork("waiting-room-clock", SILENT_MAX);
    private @Nullable PeriodicTasks thread;

    public RedisClockReader(RedisClock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void start() {
        if (thread != null) {
            return;
        }
        // An unavailable Redis does not prevent the start; no script can run then.
        work.attempt(this::read);
        PeriodicTasks started = new PeriodicTasks("waiting-room-clock");
        var unused = started.every(EVERY, work, this::read);
        thread = started;
    }

    private void read() {
        clock.read().block(READ_MAX);
    }

    @Override
    public synchronized void stop() {
        PeriodicTasks running = thread;
        thread = null;
        if (running != null) {
            // A read is not interrupted, which would count as a failure.
            running.stop(READ_MAX);
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
