package dev.onsale.waitingroom;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** What every node does beside admission: journal, signs of life, the list of rooms. Each on a thread of its own. */
@Component
class Upkeep implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Duration ROUND_MAX = Duration.ofSeconds(10);
    private static final Duration STOP_MAX = Duration.ofSeconds(12);

    private final RoomDirectory directory;
    private final JournalWriter journal;
    private final Heartbeats heartbeats;
    private final Leadership leadership;
    private final WaitingRoomProperties properties;
    private final AtomicLong lastWritten = new AtomicLong();
    private @Nullable ScheduledThreadPoolExecutor threads;

    Upkeep(
            RoomDirectory directory,
            JournalWriter journal,
            Heartbeats heartbeats,
            Leadership leadership,
            WaitingRoomProperties properties,
            MeterRegistry metrics) {
        this.directory = directory;
        this.journal = journal;
        this.heartbeats = heartbeats;
        this.leadership = leadership;
        this.properties = properties;
        lastWritten.set(System.nanoTime());
        metrics.gauge(
                "onsale.waiting.room.journal.age.seconds", lastWritten, last -> (System.nanoTime() - last.get()) / 1e9);
    }

    @Override
    public synchronized void start() {
        if (threads != null) {
            return;
        }
        ScheduledThreadPoolExecutor started = new ScheduledThreadPoolExecutor(
                3, Thread.ofPlatform().name("waiting-room-upkeep-", 0).factory());
        started.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        started.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
        repeat(started, properties.journalEvery(), this::write);
        repeat(started, EVERY, directory::refresh);
        repeat(started, EVERY, () -> heartbeats.write().block(ROUND_MAX));
        threads = started;
    }

    @Override
    public synchronized void stop() {
        ScheduledThreadPoolExecutor running = threads;
        if (running == null) {
            return;
        }
        threads = null;
        running.shutdown();
        try {
            if (!running.awaitTermination(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                running.shutdownNow();
            }
            heartbeats.write().block(ROUND_MAX);
        } catch (InterruptedException e) {
            running.shutdownNow();
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.info("The last signs of life were not written", e);
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return threads != null;
    }

    private void write() {
        Long fence = leadership.lead().block(ROUND_MAX);
        if (fence != null && fence != Leadership.NOT_LEADING) {
            writeAll();
        }
        lastWritten.set(System.nanoTime());
    }

    /** A room that cannot be written must not stop the others; the failure is told by the caller once all had their turn. */
    private void writeAll() {
        RuntimeException failed = null;
        for (RoomDefinition room : directory.all()) {
            try {
                journal.write(room.sale());
            } catch (RuntimeException e) {
                failed = new IllegalStateException("The journal of " + room.sale() + " is not written", e);
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    private static void repeat(ScheduledThreadPoolExecutor on, Duration every, Runnable work) {
        Failing failing = new Failing();
        // Failures are told by the work itself, so nobody asks these futures.
        Future<?> unused =
                on.scheduleWithFixedDelay(() -> failing.run(work), 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A failed round must not end the schedule, and a service that is away is told once. */
    private static final class Failing {
        private boolean told;

        void run(Runnable work) {
            try {
                work.run();
                told = false;
            } catch (RuntimeException e) {
                if (!told) {
                    told = true;
                    log.warn("The waiting rooms' journal or list of rooms cannot be kept up; trying on", e);
                }
            }
        }
    }
}
