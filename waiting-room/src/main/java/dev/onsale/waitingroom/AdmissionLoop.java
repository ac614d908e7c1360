package dev.onsale.waitingroom;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Runs admission and clean-up on one thread of its own, on the node that leads. */
@Component
class AdmissionLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(AdmissionLoop.class);
    private static final int ROOMS_AT_ONCE = 16;

    /** For a round through all rooms; each call to Redis has its own, shorter time-out. */
    private static final Duration ROUND_MAX = Duration.ofSeconds(10);

    private static final Duration STOP_MAX = Duration.ofSeconds(12);

    private final Rooms rooms;
    private final RoomDirectory directory;
    private final Counter counter;
    private final Autopilot autopilot;
    private final Builders builders;
    private final Leadership leadership;
    private final WaitingRoomProperties properties;
    private @Nullable ScheduledThreadPoolExecutor thread;
    // They belong to the loop's thread.
    private final Set<SaleId> sweeping = new HashSet<>();
    private final Set<String> damaged = ConcurrentHashMap.newKeySet();
    private boolean roomsOpened;
    private boolean failing;

    AdmissionLoop(
            Rooms rooms,
            RoomDirectory directory,
            Counter counter,
            Autopilot autopilot,
            Builders builders,
            Leadership leadership,
            WaitingRoomProperties properties) {
        this.rooms = rooms;
        this.directory = directory;
        this.counter = counter;
        this.autopilot = autopilot;
        this.builders = builders;
        this.leadership = leadership;
        this.properties = properties;
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
        // The rounds report their failures themselves, so nobody asks these futures.
        Future<?> unusedRounds = started.scheduleAtFixedRate(
                () -> guarded(this::admit), 0, properties.admitEvery().toMillis(), TimeUnit.MILLISECONDS);
        Future<?> unusedSweeps = started.scheduleWithFixedDelay(
                () -> guarded(() -> sweep(started)),
                properties.sweepEvery().toMillis(),
                properties.sweepEvery().toMillis(),
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
            leadership.resign().block(ROUND_MAX);
        } catch (InterruptedException e) {
            running.shutdownNow();
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.info("Could not hand over the lead of the waiting rooms; it ends by itself", e);
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    private void admit() {
        if (!roomsOpened) {
            await(Flux.fromIterable(properties.rooms().entrySet()).concatMap(this::openIfAbsent));
            roomsOpened = true;
        }
        Long fence = leadership.lead().block(ROUND_MAX);
        if (fence == null || fence == Leadership.NOT_LEADING) {
            return;
        }
        await(Flux.fromIterable(directory.all())
                .flatMap(room -> alone("Admission to " + room.sale(), admit(room, fence)), ROOMS_AT_ONCE));
    }

    private Mono<Counter.Round> admit(RoomDefinition room, long fence) {
        return Mono.defer(() -> counter.admit(room.sale(), fence, autopilot.perSecond(room)))
                .doOnNext(round -> {
                    // Both take as long as the queue is: beside the admission of the other rooms.
                    if (round.outcome() == Counter.Outcome.NO_ROOM) {
                        builders.restore(room.sale());
                    } else if (round.outcome() == Counter.Outcome.SHUFFLING) {
                        builders.open(room.sale(), fence);
                    }
                });
    }

    /** A room that is damaged stops only itself; that Redis is away concerns them all. */
    private <T> Mono<T> alone(String name, Mono<T> work) {
        return work.doOnSuccess(done -> {
                    if (damaged.remove(name)) {
                        log.info("{} works again", name);
                    }
                })
                .onErrorResume(failure -> {
                    if (KafkaConfiguration.isAway(failure)) {
                        return Mono.error(failure);
                    }
                    if (damaged.add(name)) {
                        log.warn("{} fails; the other rooms go on", name, failure);
                    }
                    return Mono.empty();
                });
    }

    /** The first batch of every room; a room that has more goes on after the pause, between the rounds of admission. */
    private void sweep(ScheduledThreadPoolExecutor on) {
        Long fence = leadership.lead().block(ROUND_MAX);
        if (fence == null || fence == Leadership.NOT_LEADING) {
            return;
        }
        // A long queue may take longer than the pause between two looks.
        directory.all().stream().map(RoomDefinition::sale).filter(sweeping::add).forEach(sale -> sweep(on, sale, 0));
    }

    private void sweep(ScheduledThreadPoolExecutor on, SaleId sale, long from) {
        boolean goesOn = false;
        try {
            Long answer = alone("Sweep of " + sale, Mono.defer(() -> counter.sweep(sale, from)))
                    .block(ROUND_MAX);
            long next = answer == null ? 0 : answer;
            goesOn = next > 0 && !on.isShutdown();
            if (goesOn) {
                Future<?> unusedBatch = on.schedule(
                        () -> guarded(() -> sweep(on, sale, next)),
                        properties.sweepPause().toMillis(),
                        TimeUnit.MILLISECONDS);
            }
        } finally {
            if (!goesOn) {
                sweeping.remove(sale);
            }
        }
    }

    private Mono<Boolean> openIfAbsent(Map.Entry<String, RoomSettings> room) {
        return rooms.openIfAbsent(SaleId.of(room.getKey()), room.getValue());
    }

    private static void await(Flux<?> work) {
        work.then().block(ROUND_MAX);
    }

    /** A failed round must not end the schedule; a Redis that is away is told once, not five times a second. */
    private void guarded(Runnable round) {
        try {
            round.run();
            if (failing) {
                failing = false;
                log.info("The waiting rooms admit again");
            }
        } catch (RuntimeException e) {
            if (!failing) {
                failing = true;
                log.warn("The waiting rooms cannot admit; trying on", e);
            }
        }
    }
}
