package dev.onsale.query.hall;

import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.eventlog.EventJson;
import dev.onsale.query.readmodel.ConsumptionOutcomes;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.Facts;
import dev.onsale.query.readmodel.Projection;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/** Keeps the plan of every performance. It goes first, because seats are looked up in it. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class PlanProjection implements Projection {

    private final JdbcOperations jdbc;

    PlanProjection(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void apply(Facts facts, ConsumptionOutcomes outcomes) {
        // Counted by the projection of performances.
        for (Fact<PerformanceScheduled> fact : facts.of(PerformanceScheduled.class)) {
            jdbc.update(
                    "INSERT INTO performance_plan (performance_id, plan) VALUES (?, ?)"
                            + " ON DUPLICATE KEY UPDATE performance_id = performance_id",
                    fact.event().performanceId().toString(),
                    EventJson.mapper().writeValueAsBytes(fact.event().seatingPlan()));
        }
    }
}
