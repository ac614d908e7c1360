package dev.onsale.saga.notification;

import dev.onsale.platform.supervision.PeriodicBean;
import dev.onsale.platform.supervision.SupervisedWork;
import java.time.Duration;

/** Records at intervals and at a clean stop that notifications are on. The next start reads for how long they were off. */
final class NotificationActivity extends PeriodicBean {

    static final Duration EVERY = Duration.ofSeconds(30);

    private static final Duration SILENT_MAX = Duration.ofMinutes(5);

    /** Starts before the consumers and stops after them. */
    private static final int PHASE = 0;

    private final Runnable note;

    NotificationActivity(Runnable note) {
        super(new SupervisedWork("notification-activity", SILENT_MAX).optional(), EVERY);
        this.note = note;
    }

    @Override
    protected void round() {
        note.run();
    }

    @Override
    public synchronized void start() {
        work().attempt(note);
        super.start();
    }

    @Override
    public synchronized void stop() {
        if (isRunning()) {
            super.stop();
            work().attempt(note);
            work().stopped();
        }
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
