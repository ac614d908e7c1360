package dev.onsale.query.performance;

import dev.onsale.api.performance.PerformanceEvent;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.query.consumption.ConsumptionOutcomes;
import dev.onsale.query.consumption.Fact;
import dev.onsale.query.consumption.FactOutOfPlaceException;
import dev.onsale.query.consumption.Facts;
import dev.onsale.query.consumption.Projection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;

/** Folds the facts of performances into rows. */
@Component
class PerformanceProjection implements Projection {

    private final JdbcOperations jdbc;
    private final PerformanceRepository performances;

    PerformanceProjection(JdbcOperations jdbc, PerformanceRepository performances) {
        this.jdbc = jdbc;
        this.performances = performances;
    }

    @Override
    public void apply(Facts facts, ConsumptionOutcomes outcomes) {
        List<Fact<PerformanceEvent>> batch = facts.of(PerformanceEvent.class);
        if (batch.isEmpty()) {
            return;
        }
        Map<String, PerformanceRow> changed = new LinkedHashMap<>();
        fold(batch, rows(batch), changed, outcomes);
        PerformanceRow.UPSERT.write(jdbc, changed.values());
    }

    static void fold(
            List<Fact<PerformanceEvent>> batch,
            Map<String, PerformanceRow> rows,
            Map<String, PerformanceRow> changed,
            ConsumptionOutcomes outcomes) {
        for (Fact<PerformanceEvent> fact : batch) {
            String id = fact.event().performanceId().toString();
            if (fact.event() instanceof PerformanceScheduled scheduled) {
                rows.computeIfAbsent(id, unknown -> new PerformanceRow(fact, scheduled));
            }
            PerformanceRow row = rows.get(id);
            if (row == null) {
                throw new FactOutOfPlaceException(fact, "performance");
            }
            if (row.takes(fact, outcomes)) {
                row.become(fact.event());
                changed.put(id, row);
            }
        }
    }

    private Map<String, PerformanceRow> rows(List<Fact<PerformanceEvent>> batch) {
        Map<String, PerformanceRow> rows = new HashMap<>();
        performances
                .findAllById(batch.stream()
                        .map(fact -> fact.event().performanceId().toString())
                        .collect(Collectors.toSet()))
                .forEach(row -> rows.put(row.performanceId(), row));
        return rows;
    }
}
