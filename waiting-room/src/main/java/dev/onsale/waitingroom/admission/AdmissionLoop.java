package dev.onsale.waitingroom.admission;

import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.room.Autopilot;
import dev.onsale.waitingroom.room.Leadership;
import dev.onsale.waitingroom.room.RoomDefinition;
import dev.onsale.waitingroom.room.RoomDirectory;
import dev.onsale.waitingroom.room.RoomSettings;
import dev.onsale.waitingroom.room.Rooms;
import dev.onsale.waitingroom.room.WaitingRoomProperties;
import dev.onsale.waitingroom.task.EachRoom;
import dev.onsale.waitingroom.task.RoomFailures;
import dev.onsale.waitingroom.task.RoomTask;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Runs admission and clean-up on one thread of its own, on the node that leads. A node that fails at it again and again gives
 * the lead up.
 */
@Component
public class AdmissionLoop implements SmartLifecycle, Supervised {

    private static final Logger log = LoggerFactory.getLogger(AdmissionLoop.class);
    private static final Duration LEAD_MAX = Duration.ofSeconds(10);
    private static final Duration VISIT_MAX = Duration.ofSeconds(5);
    private static final Duration OPENING_MAX = Duration.ofMinutes(10);
    private static final Duration STOP_MAX = Duration.ofSeconds(12);

    /** For the slowest round through all rooms. */
    private static final Duration SILENT_MAX = Duration.ofMinutes(2);

    private final Rooms rooms;
    private final RoomDirectory directory;
    private final AdmissionRound counter;
    private final Autopilot autopilot;
    private final RoomTasks builders;
    private final Leadership leadership;
    private final RoomFailures failures;
    private final WaitingRoomProperties properties;
    private final SupervisedWork admission = new SupervisedWork("waiting-room-admission", SILENT_MAX);
    private final SupervisedWork sweep;
    private final EachRoom opening;
    private final EachRoom admitting;
    private final EachRoom sweeping;
    private final Map<SaleId, RoomSettings> unopened = new ConcurrentHashMap<>();
    /** Where each long sweep goes on. */
    private final Map<SaleId, Long> unswept = new ConcurrentHashMap<>();

    private @Nullable ScheduledThreadPoolExecutor thread;

    AdmissionLoop(
            Rooms rooms,
            RoomDirectory directory,
            AdmissionRound counter,
            Autopilot autopilot,
            RoomTasks builders,
            Leadership leadership,
            RoomFailures failures,
            WaitingRoomProperties properties) {
        this.rooms = rooms;
        this.directory = directory;
        this.counter = counter;
        this.autopilot = autopilot;
        this.builders = builders;
        this.leadership = leadership;
        this.failures = failures;
        this.properties = properties;
        this.sweep = new SupervisedWork("waiting-room-sweep", SILENT_MAX.plus(properties.sweepEvery()));
        this.opening = new EachRoom(RoomTask.OPENING, failures, OPENING_MAX);
        this.admitting = new EachRoom(RoomTask.ADMISSION, failures, VISIT_MAX);
        this.sweeping = new EachRoom(RoomTask.SWEEP, failures, VISIT_MAX);
        properties.rooms().forEach((sale, settings) -> unopened.put(SaleId.of(sale), settings));
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
        // The rounds report their failures themselves, so nobody asks these futures.
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
                () -> guarded(sweep, () -> !unswept.isEmpty() && sweep(List.copyOf(unswept.keySet()))),
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
                log.warn("The admission round did not end within {}; interrupting it", STOP_MAX);
                running.shutdownNow();
            }
            admitting.awaitEnd(VISIT_MAX);
            sweeping.awaitEnd(VISIT_MAX);
            leadership.resign().block(LEAD_MAX);
        } catch (InterruptedException e) {
            running.shutdownNow();
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.info("Could not hand over the lead of the waiting rooms; it ends by itself", e);
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

    /** Whether something was done, or looked at, that shows that this thread can do its work. */
    @FunctionalInterface
    private interface Round {
        boolean run();
    }

    @SuppressWarnings("CatchingUnchecked") // Whatever it is must not end the schedule.
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
        openConfigured();
        Long fence = leadership.lead().block(LEAD_MAX);
        if (fence == null || fence == Leadership.NOT_LEADING) {
            // A node that failed shows that it works by leading, not by watching another one.
            return admission.state() != SupervisedWork.State.FAILED;
        }
        return admitting.run(directory.sales(), sale -> admit(sale, fence));
    }

    private Mono<?> admit(SaleId sale, long fence) {
        RoomDefinition room = directory.find(sale);
        if (room == null) {
            return Mono.empty();
        }
        return counter.admit(sale, fence, autopilot.perSecond(room)).doOnNext(round -> {
            // Both take as long as the queue is: beside the admission of the other rooms.
            if (round.outcome() == AdmissionRound.Outcome.NO_ROOM) {
                builders.restore(sale);
            } else if (round.outcome() == AdmissionRound.Outcome.SHUFFLING) {
                builders.open(sale, fence);
            }
        });
    }

    /** One batch of every room; a room that has more goes on after the pause, between the rounds of admission. */
    private boolean sweep(Collection<SaleId> sales) {
        if (!leadership.leads()) {
            unswept.clear();
            return sweep.state() != SupervisedWork.State.FAILED;
        }
        return sweeping.run(sales, sale -> counter.sweep(sale, unswept.getOrDefault(sale, 0L))
                .doOnNext(next -> goesOnAt(sale, next))
                .doOnError(failure -> unswept.remove(sale)));
    }

    private void goesOnAt(SaleId sale, long next) {
        if (next > 0) {
            unswept.put(sale, next);
        } else {
            unswept.remove(sale);
        }
    }

    /** A configured room that cannot be opened must not stop the admission to the others. */
    private void openConfigured() {
        List<SaleId> sales = List.copyOf(unopened.keySet());
        try {
            boolean unused = sales.isEmpty() || opening.run(sales, this::openIfAbsent);
        } catch (RuntimeException away) {
            log.debug("The configured rooms are not opened yet", away);
            sales.forEach(sale -> failures.postponed(RoomTask.OPENING, sale));
        }
    }

    private Mono<?> openIfAbsent(SaleId sale) {
        RoomSettings settings = unopened.get(sale);
        return settings == null
                ? Mono.empty()
                : rooms.openIfAbsent(sale, settings).doOnSuccess(opened -> unopened.remove(sale));
    }
}
