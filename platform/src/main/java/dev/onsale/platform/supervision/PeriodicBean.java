package dev.onsale.platform.supervision;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** A bean with one periodic task. Its thread starts and stops with the application. Thread-safe. */
public abstract class PeriodicBean implements SmartLifecycle, Supervised {

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private final SupervisedWork work;
    private final Duration pause;
    private @Nullable PeriodicTasks thread;

    /**
     * @param pause before the first round and after each
     */
    protected PeriodicBean(SupervisedWork work, Duration pause) {
        this.work = work;
        this.pause = pause;
    }

    /** One round. What it throws is logged and counted, and the next round comes. */
    protected abstract void round();

    protected final SupervisedWork work() {
        return work;
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            thread = new PeriodicTasks(work.name());
            var unused = thread.every(pause, work, this::round);
        }
    }

    /** Interrupts the round under way and waits for its end. */
    @Override
    public synchronized void stop() {
        if (thread != null) {
            thread.stopNow(STOP_PATIENCE);
            thread = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }
}
