package dev.onsale.waitingroom.admission;

import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.room.Autopilot;
import dev.onsale.waitingroom.room.Leadership;
import dev.onsale.waitingroom.room.RoomDefinition;
import dev.onsale.waitingroom.room.RoomDirectory;
import dev.onsale.waitingroom.room.Rooms;
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
import reactor.core.publisher.Mono;

/** Runs admission and the sweep on one thread on the leading node. A node that fails repeatedly gives up the lead. */
@Component
public class AdmissionLoop implements SmartLifecycle, Supervised {

    private static final Logger log = LoggerFactory.getLogger(AdmissionLoop.class);
    private static final Duration LEAD_MAX = Duration.ofSeconds(10);
    private static final Duration VISIT_MAX = Duration.ofSeconds(5);
    private static final Duration STOP_MAX = Duration.ofSeconds(12);

    /** For the slowest round through all rooms. */
    private static final Duration SILENT_MAX = Duration.ofMinutes(2);

    private final ConfiguredRooms configured;
    private final RoomDirectory directory;
    private final AdmissionRound round;
    private final Autopilot autopilot;
    private final RoomTasks tasks;
    private final Leadership leadership;
    private final WaitingRoomProperties properties;
    private final SupervisedWork admission = new SupervisedWork("waiting-room-admission", SILENT_MAX);
    private final SupervisedWork sweep;
    private final EachRoom admitting;
    private final RoomSweep sweeping;
    private @Nullable ScheduledThreadPoolExecutor thread;

    AdmissionLoop(
            Rooms rooms,
            RoomDirectory directory,
            AdmissionRound round,
            Autopilot autopilot,
            RoomTasks tasks,
            Leadership leadership,
            RoomFailures failures,
            WaitingRoomProperties properties) {
        this.configured = new ConfiguredRooms(rooms, failures, properties);
        this.directory = directory;
        this.round = round;
        this.autopilot = autopilot;
        this.tasks = tasks;
        this.leadership = leadership;
        this.properties = properties;
        this.sweep = new SupervisedWork("waiting-room-sweep", SILENT_MAX.plus(properties.sweepEvery()));
        this.admitting = new EachRoom(RoomTask.ADMISSION, failures, VISIT_MAX);
        this.sweeping = new RoomSweep(round, failures, VISIT_MAX);
    }

    @Override
    public synchronized void start() {
        if (thread != null) {
            return;
        }
        ScheduledThreadPoolExecutor started = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("waiting-room-admission").factory());
        started.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        started.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
        admission.started();
        sweep.started();
        // Rounds report their own failures, so the futures are not used.
        Future<?> unusedRounds = started.scheduleAtFixedRate(
                () -> guarded(admission, this::admit),
                0,
                properties.admitEvery().toMillis(),
                TimeUnit.MILLISECONDS);
        Future<?> unusedSweeps = started.scheduleWithFixedDelay(
                () -> guarded(sweep, () -> sweep(directory.sales())),
                properties.sweepEvery().toMillis(),
                properties.sweepEvery().toMillis(),
                TimeUnit.MILLISECONDS);
        Future<?> unusedBatches = started.scheduleWithFixedDelay(
                () -> guarded(sweep, () -> sweeping.isUnfinished() && sweep(sweeping.unfinished())),
                properties.sweepPause().toMillis(),
                properties.sweepPause().toMillis(),
                TimeUnit.MILLISECONDS);
        thread = started;
    }

    @Override
    public synchronized void stop() {
        ScheduledThreadPoolExecutor running = thread;
        if (running == null) {
            return;
        }
        thread = null;
        running.shutdown();
        try {
            if (!running.awaitTermination(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("The admission round did not end within {} and is interrupted", STOP_MAX);
                running.shutdownNow();
            }
            admitting.awaitEnd(VISIT_MAX);
            sweeping.awaitEnd(VISIT_MAX);
            leadership.resign().block(LEAD_MAX);
        } catch (InterruptedException e) {
            running.shutdownNow();
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.info("Could not release the lead of the waiting rooms; it expires", e);
        } finally {
            admission.stopped();
            sweep.stopped();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(admission, sweep);
    }

    /** Returns whether the round shows that this thread works. */
    @FunctionalInterface
    private interface Round {
        boolean run();
    }

    @SuppressWarnings("CatchingUnchecked") // A failure must not end the schedule.
    private void guarded(SupervisedWork work, Round round) {
        if (leadership.isStandingDown()) {
            return;
        }
        try {
            if (round.run()) {
                work.completed();
            }
        } catch (Throwable failure) {
            work.failed(failure);
            if (work.state() == SupervisedWork.State.FAILED) {
                leadership.standDown();
            }
        }
    }

    private boolean admit() {
        configured.open();
        Long fence = leadership.lead().block(LEAD_MAX);
        if (fence == null || fence == Leadership.NOT_LEADING) {
            // A failed node must lead again to prove that it works.
            return admission.state() != SupervisedWork.State.FAILED;
        }
        return admitting.run(directory.sales(), sale -> admit(sale, fence));
    }

    private Mono<?> admit(SaleId sale, long fence) {
        RoomDefinition room = directory.find(sale);
        if (room == null) {
            return Mono.empty();
        }
        return round.admit(sale, fence, autopilot.perSecond(room)).doOnNext(result -> {
            // Both take time in proportion to the queue, so they run on other threads.
            if (result.outcome() == AdmissionRound.Outcome.NO_ROOM) {
                tasks.restore(sale);
            } else if (result.outcome() == AdmissionRound.Outcome.SHUFFLING) {
                tasks.open(sale, fence);
            }
        });
    }

    private boolean sweep(Collection<SaleId> sales) {
        if (!leadership.leads()) {
            sweeping.forget();
            return sweep.state() != SupervisedWork.State.FAILED;
        }
        return sweeping.run(sales);
    }
}
