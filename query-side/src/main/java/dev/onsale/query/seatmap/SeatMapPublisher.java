package dev.onsale.query.seatmap;

import dev.onsale.api.PerformanceId;
import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
class SeatMapPublisher implements SmartLifecycle, Supervised {

    private static final Logger log = LoggerFactory.getLogger(SeatMapPublisher.class);
    private static final int UNTOLD_MAX = 10_000;
    private static final Duration RETRY_EVERY = Duration.ofSeconds(1);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final Duration SILENT_MAX = Duration.ofMinutes(5);

    private final SeatMapStore store;
    private final SeatMapRepository maps;
    private final Set<PerformanceId> untold = ConcurrentHashMap.newKeySet();
    private final SupervisedWork retrying = new SupervisedWork("seat-map-retry", SILENT_MAX).optional();
    private @Nullable PeriodicTasks retries;

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
        for (PerformanceId performanceId : List.copyOf(untold)) {
            // Taken out first: a change that fails meanwhile puts it back in.
            untold.remove(performanceId);
            if (!tell(performanceId)) {
                remember(performanceId);
                return;
            }
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(retrying);
    }

    private boolean tell(PerformanceId performanceId) {
        try {
            return maps.findById(performanceId.toString())
                    .map(SeatMapRow::edition)
                    .map(edition -> store.change(new SeatMapChange(performanceId, edition.facts(), edition, Map.of())))
                    .orElse(true);
        } catch (RuntimeException | Error failure) {
            remember(performanceId);
            throw failure;
        }
    }

    @Override
    public synchronized void start() {
        if (retries == null) {
            retries = new PeriodicTasks(retrying.name());
            var unused = retries.every(RETRY_EVERY, retrying, this::retry);
        }
    }

    @Override
    public synchronized void stop() {
        if (retries != null) {
            retries.stopNow(STOP_PATIENCE);
            retries = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return retries != null;
    }
}
