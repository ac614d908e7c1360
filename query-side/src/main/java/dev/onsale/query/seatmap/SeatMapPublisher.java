package dev.onsale.query.seatmap;

import dev.onsale.api.PerformanceId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Tells Redis what was committed. Redis never holds the read models up: what it did not take is told again every second,
 * and a map that would be older than the rows is given up and built again by its next reader.
 */
@Component
class SeatMapPublisher implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SeatMapPublisher.class);
    private static final int UNTOLD_MAX = 10_000;
    private static final long RETRY_SECONDS = 1;
    private static final long STOP_SECONDS_MAX = 5;

    private final SeatMapStore store;
    private final SeatMapRepository maps;
    private final Set<PerformanceId> untold = ConcurrentHashMap.newKeySet();
    private @Nullable ScheduledExecutorService retries;

    SeatMapPublisher(SeatMapStore store, SeatMapRepository maps) {
        this.store = store;
        this.maps = maps;
    }

    void publish(List<SeatMapChange> changes) {
        for (SeatMapChange change : changes) {
            if (!store.change(change)) {
                remember(change.performanceId());
            }
        }
    }

    private void remember(PerformanceId performanceId) {
        if (untold.size() < UNTOLD_MAX) {
            untold.add(performanceId);
        } else {
            log.warn(
                    "More than {} seat maps wait for Redis; that of {} is out of date until it expires",
                    UNTOLD_MAX,
                    performanceId);
        }
    }

    private void retry() {
        try {
            for (PerformanceId performanceId : List.copyOf(untold)) {
                // Taken out first: a change that fails meanwhile puts it back in.
                untold.remove(performanceId);
                if (!tell(performanceId)) {
                    remember(performanceId);
                    return;
                }
            }
        } catch (RuntimeException failure) {
            log.warn("Seat maps could not be told to Redis again: {}", failure.toString());
        }
    }

    private boolean tell(PerformanceId performanceId) {
        try {
            return maps.findById(performanceId.toString())
                    .map(SeatMapRow::edition)
                    .map(edition -> store.change(new SeatMapChange(performanceId, edition, edition, Map.of())))
                    .orElse(true);
        } catch (RuntimeException failure) {
            remember(performanceId);
            throw failure;
        }
    }

    @Override
    public synchronized void start() {
        if (retries == null) {
            retries = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("seat-map-retry").factory());
            var unused = retries.scheduleWithFixedDelay(this::retry, RETRY_SECONDS, RETRY_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public synchronized void stop() {
        if (retries == null) {
            return;
        }
        retries.shutdownNow();
        try {
            if (!retries.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                log.warn("The seat map retry did not stop in {} s", STOP_SECONDS_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        retries = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return retries != null;
    }
}
