package dev.onsale.query.hall;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.eventlog.EventJson;
import dev.onsale.query.loading.SingleFlight;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The halls that were asked for of late. */
@Component
public class Halls {

    /** All cached halls together: 500,000 seats with short labels. */
    private static final long BYTES_CACHED_MAX = 128L * 1024 * 1024;

    private final SingleFlight<PerformanceId, Hall> cached;
    private final PlanRepository plans;

    Halls(PlanRepository plans, MeterRegistry registry) {
        this.plans = plans;
        AsyncCache<PerformanceId, Hall> halls = Caffeine.newBuilder()
                .maximumWeight(BYTES_CACHED_MAX)
                .<PerformanceId, Hall>weigher((id, hall) -> hall.bytes())
                .buildAsync();
        this.cached = new SingleFlight<>(halls);
        Gauge.builder("onsale.cache.bytes", halls.synchronous(), Halls::bytes)
                .tag("cache", "halls")
                .description("Estimated size of what a cache keeps")
                .register(registry);
    }

    private static long bytes(Cache<PerformanceId, Hall> halls) {
        return halls.policy().eviction().orElseThrow().weightedSize().orElse(0);
    }

    public Optional<Hall> of(PerformanceId performanceId) {
        return Optional.ofNullable(cached.get(performanceId, this::load));
    }

    private @Nullable Hall load(PerformanceId performanceId) {
        return plans.findById(performanceId.toString())
                .map(PlanRow::plan)
                .map(json -> new Hall(json, EventJson.mapper().readValue(json, SeatingPlan.class)))
                .orElse(null);
    }
}
