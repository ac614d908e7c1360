package dev.onsale.waitingroom.recovery;

import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.waitingroom.queue.Heartbeats;
import dev.onsale.waitingroom.room.RoomDirectory;
import dev.onsale.waitingroom.room.WaitingRoomProperties;
import dev.onsale.waitingroom.task.EachRoom;
import dev.onsale.waitingroom.task.RoomFailures;
import dev.onsale.waitingroom.task.RoomTask;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Background work of every node except admission, each on its own thread: journals, signs of life, the list of rooms.
 */
@Component
public class RoomMaintenance implements SmartLifecycle, Supervised {

    private static final Logger log = LoggerFactory.getLogger(RoomMaintenance.class);
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Duration SIGNS_MAX = Duration.ofSeconds(5);
    private static final Duration STOP_MAX = Duration.ofSeconds(12);
    private static final Duration SILENT_MAX = Duration.ofMinutes(2);
    private static final int THREADS = 3;

    private final RoomDirectory directory;
    private final JournalRounds journal;
    private final Heartbeats heartbeats;
    private final WaitingRoomProperties properties;
    private final EachRoom signing;
    private final SupervisedWork rooms = new SupervisedWork("waiting-room-directory", SILENT_MAX);
    private final SupervisedWork signs = new SupervisedWork("waiting-room-signs-of-life", SILENT_MAX);
    private @Nullable ScheduledThreadPoolExecutor threads;

    public RoomMaintenance(
            RoomDirectory directory,
            JournalRounds journal,
            Heartbeats heartbeats,
            RoomFailures failures,
            WaitingRoomProperties properties) {
        this.directory = directory;
        this.journal = journal;
        this.heartbeats = heartbeats;
        this.properties = properties;
        this.signing = new EachRoom(RoomTask.SIGNS_OF_LIFE, failures, SIGNS_MAX);
    }

    @Override
    public synchronized void start() {
        if (threads != null) {
            return;
        }
        ScheduledThreadPoolExecutor started = new ScheduledThreadPoolExecutor(
                THREADS, Thread.ofPlatform().name("waiting-room-upkeep-", 0).factory());
        started.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        started.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
        journal.started();
        repeat(started, properties.journalEvery(), journal::round);
        repeat(started, EVERY, rooms.periodic(directory::refresh));
        repeat(started, EVERY, signs.periodic(this::sign));
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
            journal.awaitEnd();
            sign();
        } catch (InterruptedException e) {
            running.shutdownNow();
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.info("Could not write the last signs of life", e);
        } finally {
            rooms.stopped();
            signs.stopped();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return threads != null;
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(rooms, signs);
    }

    private void sign() {
        boolean unused = signing.run(heartbeats.gathered(), heartbeats::write);
    }

    /** An executor does not repeat a task that throws, but {@code work} catches everything. */
    private static void repeat(ScheduledThreadPoolExecutor on, Duration every, Runnable work) {
        Future<?> unused = on.scheduleWithFixedDelay(work, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }
}
