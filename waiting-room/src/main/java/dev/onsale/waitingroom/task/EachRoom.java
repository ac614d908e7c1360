package dev.onsale.waitingroom.task;

import dev.onsale.waitingroom.key.SaleId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Runs one task for every room. A room that fails does not affect the others; a room that hangs delays them by {@link
 * #SLOW_AFTER} at most and is left out of the next rounds until its run ends.
 *
 * <p>For one thread that calls {@link #run}; the runs may end on any thread.
 */
public final class EachRoom {

    static final Duration SLOW_AFTER = Duration.ofMillis(200);

    private static final int ROOMS_AT_ONCE = 16;

    /** For a round in which all rooms are slow. */
    private static final Duration ROUND_MAX = Duration.ofSeconds(60);

    private final RoomTask task;
    private final RoomFailures failures;
    private final Duration visitMax;
    private final Map<SaleId, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();
    private final Queue<Visit> ended = new ConcurrentLinkedQueue<>();

    /** A run that has ended, successful without a failure. */
    private record Visit(SaleId sale, @Nullable Throwable failure) {}

    /**
     * @param visitMax time-out of the task for one room
     */
    public EachRoom(RoomTask task, RoomFailures failures, Duration visitMax) {
        this.task = task;
        this.failures = failures;
        this.visitMax = visitMax;
    }

    /**
     * Runs one round. Blocks until the task of each room has ended or is slow.
     *
     * @return whether a task has ended since the last round, or none had to run
     * @throws RuntimeException if no task succeeded and a service is unavailable
     * @throws Error if no task succeeded and one ended with an error
     */
    public boolean run(Collection<SaleId> rooms, Function<SaleId, Mono<?>> work) {
        Flux.fromIterable(rooms)
                .filter(sale -> !underWay.containsKey(sale) && failures.isDue(task, sale))
                .flatMap(sale -> begin(sale, work), ROOMS_AT_ONCE)
                .then()
                .block(ROUND_MAX);
        return judge();
    }

    private Mono<Void> begin(SaleId sale, Function<SaleId, Mono<?>> work) {
        CompletableFuture<Void> visit = new CompletableFuture<>();
        underWay.put(sale, visit);
        var unused = visit(sale, work).whenComplete((done, failure) -> {
            ended.add(new Visit(sale, failure));
            underWay.remove(sale, visit);
            visit.complete(null);
        });
        return Mono.fromFuture(visit, true).timeout(SLOW_AFTER, Mono.empty());
    }

    @SuppressWarnings("CatchingUnchecked") // An Error in one room must not end the tasks of the others.
    private CompletableFuture<Void> visit(SaleId sale, Function<SaleId, Mono<?>> work) {
        try {
            return work.apply(sale)
                    .then()
                    .timeout(visitMax, Mono.error(() -> new TimeoutException("Timed out after " + visitMax)))
                    .toFuture();
        } catch (Throwable failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private boolean judge() {
        List<Visit> visits = new ArrayList<>();
        for (Visit visit = ended.poll(); visit != null; visit = ended.poll()) {
            visits.add(visit);
        }
        boolean works = visits.stream().anyMatch(visit -> visit.failure() == null);
        if (!works) {
            visits.forEach(EachRoom::throwIfOfAll);
        }
        visits.forEach(this::record);
        return works || !visits.isEmpty() || underWay.isEmpty();
    }

    /** In the order in which they ended, so the last result counts. */
    private void record(Visit visit) {
        Throwable failure = visit.failure();
        if (failure == null) {
            failures.works(task, visit.sale());
        } else {
            failures.failed(task, visit.sale(), failure);
        }
    }

    private static void throwIfOfAll(Visit visit) {
        Throwable failure = visit.failure();
        if (failure != null && failure.getCause() instanceof Error error) {
            throw error;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null && ServiceAway.isCauseOf(failure)) {
            throw failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
        }
    }

    /** Waits at shutdown for the tasks that are running. */
    public void awaitEnd(Duration max) throws InterruptedException {
        try {
            CompletableFuture.allOf(underWay.values().toArray(CompletableFuture[]::new))
                    .get(max.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException hanging) {
            // A task that still runs is harmless: the scripts check the fence.
            underWay.clear();
        }
    }
}
