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
 * Does one task for every room, each room alone: a room that fails stops no other, and a room that hangs delays the others by
 * {@link #SLOW_AFTER} at most. A room that is still being visited is left out of the next rounds.
 *
 * <p>For one thread that calls {@link #run}; the visits may end on any thread.
 */
public final class EachRoom {

    static final Duration SLOW_AFTER = Duration.ofMillis(200);

    private static final int ROOMS_AT_ONCE = 16;

    /** Of a round through all rooms, should they all be slow. */
    private static final Duration ROUND_MAX = Duration.ofSeconds(60);

    private final RoomTask task;
    private final RoomFailures failures;
    private final Duration visitMax;
    private final Map<SaleId, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();
    private final Queue<Visit> ended = new ConcurrentLinkedQueue<>();

    /** A visit that has ended, well if there is no failure. */
    private record Visit(SaleId sale, @Nullable Throwable failure) {}

    /**
     * @param visitMax when a visit counts as failed
     */
    public EachRoom(RoomTask task, RoomFailures failures, Duration visitMax) {
        this.task = task;
        this.failures = failures;
        this.visitMax = visitMax;
    }

    /**
     * One round. Blocks until each room is visited or slow.
     *
     * @return whether a visit has ended well since the last round, or there was none to make
     * @throws RuntimeException if no visit ended well and a service is away
     * @throws Error if no visit ended well and there was an error
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

    @SuppressWarnings("CatchingUnchecked") // An Error of one room must not end the visits of the others.
    private CompletableFuture<Void> visit(SaleId sale, Function<SaleId, Mono<?>> work) {
        try {
            return work.apply(sale)
                    .then()
                    .timeout(visitMax, Mono.error(() -> new TimeoutException("No end after " + visitMax)))
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

    /** In the order in which they ended: a room that failed and then worked, works. */
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

    /** At the end of the process: waits for the visits that are under way. */
    public void awaitEnd(Duration max) throws InterruptedException {
        try {
            CompletableFuture.allOf(underWay.values().toArray(CompletableFuture[]::new))
                    .get(max.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException hanging) {
            // Whatever such a visit still does is safe: the scripts check the fence.
            underWay.clear();
        }
    }
}
