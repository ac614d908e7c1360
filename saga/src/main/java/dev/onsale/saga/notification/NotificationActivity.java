package dev.onsale.saga.notification;

import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Notes at intervals and at a clean stop that notifications are on: the next start needs to know for how long they were off. */
final class NotificationActivity implements SmartLifecycle, Supervised {

    static final Duration EVERY = Duration.ofSeconds(30);

    private static final String NAME = "notification-activity";
    private static final Duration SILENT_MAX = Duration.ofMinutes(5);
    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    /** Starts before the consumers and stops after them. */
    private static final int PHASE = 0;

    private final Runnable note;
    private final SupervisedWork work = new SupervisedWork(NAME, SILENT_MAX).optional();
    private @Nullable PeriodicTasks thread;

    NotificationActivity(Runnable note) {
        this.note = note;
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            PeriodicTasks started = new PeriodicTasks(NAME);
            var unused = started.every(Duration.ZERO, EVERY, work, note);
            thread = started;
        }
    }

    @Override
    public synchronized void stop() {
        PeriodicTasks running = thread;
        thread = null;
        if (running != null) {
            running.stop(STOP_MAX);
            work.attempt(note);
            work.stopped();
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
