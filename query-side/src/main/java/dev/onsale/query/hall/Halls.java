package dev.onsale.query.hall;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.eventlog.EventJson;
import dev.onsale.query.loading.SingleFlight;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The halls that were asked for of late. */
@Component
public class Halls {

    /** All cached halls together; a seat with its share of the JSON costs some 200 bytes. */
    private static final int SEATS_CACHED_MAX = 500_000;

    private final SingleFlight<PerformanceId, Hall> cached = new SingleFlight<>(Caffeine.newBuilder()
            .maximumWeight(SEATS_CACHED_MAX)
            .<PerformanceId, Hall>weigher((id, hall) -> hall.size())
            .build());
    private final PlanRepository plans;

    Halls(PlanRepository plans) {
        this.plans = plans;
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
