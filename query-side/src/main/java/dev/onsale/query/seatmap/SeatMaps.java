package dev.onsale.query.seatmap;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.SeatLabel;
import dev.onsale.platform.supervision.TaskThreads;
import dev.onsale.query.hall.Hall;
import dev.onsale.query.hall.Halls;
import dev.onsale.query.loading.RequestCoalescer;
import dev.onsale.query.loading.SingleFlight;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Answers with the seat map from Redis, or else from the rows, which it then offers to Redis. */
@Component
class SeatMaps {

    /** While Redis is away the crowd must not read every row for each request. */
    private static final Duration READ_KEPT = Duration.ofMillis(250);

    private static final int READ_SEATS_MAX = 5_000_000;

    private final SingleFlight<PerformanceId, SeatMap> readOfLate = new SingleFlight<>(Caffeine.newBuilder()
            .expireAfterWrite(READ_KEPT)
            .maximumWeight(READ_SEATS_MAX)
            .<PerformanceId, SeatMap>weigher((id, map) -> map.seats())
            .buildAsync());
    private final ExecutorService building = TaskThreads.perTask("seat-map-build-");
    private final RequestCoalescer<PerformanceId, Optional<SeatMap>> builds =
            new RequestCoalescer<>(id -> CompletableFuture.supplyAsync(() -> build(id, hall(id)), building));
    private final SeatMapStore store;
    private final SeatMapRepository maps;
    private final SeatRepository seats;
    private final Halls halls;
    private final TransactionTemplate snapshot;

    SeatMaps(
            SeatMapStore store,
            SeatMapRepository maps,
            SeatRepository seats,
            Halls halls,
            PlatformTransactionManager transactions) {
        this.store = store;
        this.maps = maps;
        this.seats = seats;
        this.halls = halls;
        this.snapshot = new TransactionTemplate(transactions);
        // Sums and seats must be of one moment.
        this.snapshot.setIsolationLevel(TransactionTemplate.ISOLATION_REPEATABLE_READ);
        this.snapshot.setReadOnly(true);
    }

    /**
     * @throws RefusedException with {@code PERFORMANCE_NOT_FOUND}
     */
    SeatMap of(PerformanceId performanceId) {
        Hall hall = hall(performanceId);
        return stored(performanceId, hall)
                .or(() -> store.isAway()
                        ? Optional.ofNullable(readOfLate.get(
                                performanceId, id -> read(id, hall).orElse(null)))
                        : builds.await(performanceId))
                .orElseThrow(() -> notFound(performanceId));
    }

    /**
     * As {@link #of}, and never older than what is committed: Redis hears of that only afterwards.
     *
     * @throws RefusedException with {@code PERFORMANCE_NOT_FOUND}
     */
    SeatMap committed(PerformanceId performanceId) {
        Hall hall = hall(performanceId);
        long facts = maps.findById(performanceId.toString())
                .map(row -> row.edition().facts())
                .orElse(0L);
        return stored(performanceId, hall)
                .filter(map -> map.edition().facts() >= facts)
                .or(() -> builds.await(performanceId))
                .orElseThrow(() -> notFound(performanceId));
    }

    /**
     * @throws RefusedException with {@code PERFORMANCE_NOT_FOUND}
     */
    Hall hall(PerformanceId performanceId) {
        return halls.of(performanceId).orElseThrow(() -> notFound(performanceId));
    }

    /** As Redis has it. */
    Optional<SeatMap> copy(PerformanceId performanceId) {
        return stored(performanceId, hall(performanceId));
    }

    /** As the rows have it. */
    Optional<SeatMap> rows(PerformanceId performanceId) {
        return read(performanceId, hall(performanceId));
    }

    private Optional<SeatMap> stored(PerformanceId performanceId, Hall hall) {
        return store.read(performanceId).flatMap(value -> SeatMap.of(value, hall.size()));
    }

    private Optional<SeatMap> build(PerformanceId performanceId, Hall hall) {
        Optional<SeatMap> map = read(performanceId, hall);
        map.ifPresent(built -> store.fill(performanceId, built));
        return map;
    }

    private Optional<SeatMap> read(PerformanceId performanceId, Hall hall) {
        return snapshot.execute(
                status -> maps.findById(performanceId.toString()).map(row -> fold(performanceId, row.edition(), hall)));
    }

    private SeatMap fold(PerformanceId performanceId, SeatMapVersion edition, Hall hall) {
        SeatMap map = SeatMap.empty(edition, hall.size(), hall.notForSale());
        for (SeatRepository.Taken taken : seats.findTaken(performanceId.toString())) {
            Integer index = hall.indexOf(SeatLabel.of(taken.getSeat()));
            if (index == null) {
                throw new IllegalStateException(taken.getSeat() + " is no seat of " + performanceId);
            }
            map.set(index, taken.getState());
        }
        return map;
    }

    private static RefusedException notFound(PerformanceId performanceId) {
        return new RefusedException(RefusalCode.PERFORMANCE_NOT_FOUND, "There is no performance " + performanceId);
    }
}
