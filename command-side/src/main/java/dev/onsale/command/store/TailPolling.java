package dev.onsale.command.store;

import dev.onsale.eventlog.tail.LogTail;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Reads into the tail of the log what other nodes commit, and wakes readers that wait for more. */
public final class TailPolling implements SmartLifecycle, Supervised {

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final Duration SILENT_MAX = Duration.ofMinutes(2);

    private final LogTail tail;
    private final Duration interval;
    private final SupervisedWork work = new SupervisedWork("log-tail", SILENT_MAX);
    private @Nullable Thread thread;
    private volatile boolean stopping;

    public TailPolling(LogTail tail, Duration interval) {
        this.tail = tail;
        this.interval = interval;
    }

    private void follow() throws InterruptedException {
        while (!stopping) {
            AtomicBoolean more = new AtomicBoolean();
            boolean read = work.attempt(() -> more.set(tail.poll()));
            if (!more.get()) {
                tail.awaitHint(read ? interval : AFTER_FAILURE);
            }
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            stopping = false;
            thread = work.thread(work.restarting(() -> stopping, this::follow));
            thread.start();
        }
    }

    @Override
    public synchronized void stop() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        stopping = true;
        tail.hint();
        try {
            if (!running.join(STOP_PATIENCE)) {
                running.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    /** Before the followers, and until they have stopped. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE + 1_000;
    }
}
