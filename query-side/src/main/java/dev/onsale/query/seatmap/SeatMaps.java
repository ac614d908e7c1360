package dev.onsale.query.seatmap;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.SeatLabel;
import dev.onsale.query.hall.Hall;
import dev.onsale.query.hall.Halls;
import dev.onsale.query.loading.SingleFlight;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Answers with the seat map from Redis, or else from the rows, which it then offers to Redis. */
@Component
class SeatMaps {

    /** While Redis is away the crowd must not read every row for each request. */
    private static final Duration REBUILT_KEPT = Duration.ofMillis(250);

    private static final int REBUILT_SEATS_MAX = 5_000_000;

    private final SingleFlight<PerformanceId, SeatMap> rebuilt = new SingleFlight<>(Caffeine.newBuilder()
            .expireAfterWrite(REBUILT_KEPT)
            .maximumWeight(REBUILT_SEATS_MAX)
            .<PerformanceId, SeatMap>weigher((id, map) -> map.seats())
            .build());
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
        return store.read(performanceId)
                .flatMap(value -> SeatMap.of(value, hall.size()))
                .orElseGet(() -> found(performanceId, rebuilt.get(performanceId, id -> rebuild(id, hall))));
    }

    /**
     * @throws RefusedException with {@code PERFORMANCE_NOT_FOUND}
     */
    Hall hall(PerformanceId performanceId) {
        return found(performanceId, halls.of(performanceId).orElse(null));
    }

    private @Nullable SeatMap rebuild(PerformanceId performanceId, Hall hall) {
        Optional<SeatMap> map = snapshot.execute(
                status -> maps.findById(performanceId.toString()).map(row -> read(performanceId, row.edition(), hall)));
        map.ifPresent(read -> store.fill(performanceId, read));
        return map.orElse(null);
    }

    private SeatMap read(PerformanceId performanceId, Edition edition, Hall hall) {
        SeatMap map = SeatMap.empty(edition, hall.size());
        for (SeatRepository.Taken taken : seats.findTaken(performanceId.toString())) {
            Integer index = hall.indexOf(SeatLabel.of(taken.getSeat()));
            if (index == null) {
                throw new IllegalStateException(taken.getSeat() + " is no seat of " + performanceId);
            }
            map.set(index, taken.getState());
        }
        return map;
    }

    private static <T> T found(PerformanceId performanceId, @Nullable T value) {
        if (value == null) {
            throw new RefusedException(RefusalCode.PERFORMANCE_NOT_FOUND, "There is no performance " + performanceId);
        }
        return value;
    }
}
