package dev.onsale.query.performance;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.performance.PerformanceEvent;
import dev.onsale.query.consumption.ConsumptionOutcomes;
import dev.onsale.query.consumption.Fact;
import dev.onsale.query.consumption.Facts;
import dev.onsale.query.consumption.GuardedUpsert;
import dev.onsale.query.rebuild.Rebuildable;
import dev.onsale.query.rebuild.RowSink;
import dev.onsale.query.rebuild.RowStore;
import dev.onsale.query.rebuild.ShadowTables;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Without the plans, which are copied from the log once and never change. */
@Component
class PerformanceRebuild implements Rebuildable {

    private static final String TABLE = "performance_view";

    @Override
    public String name() {
        return "performances";
    }

    @Override
    public List<ReadTable> tables() {
        return List.of(new ReadTable(
                TABLE,
                List.of("performance_id"),
                "log_position",
                List.of(
                        "title",
                        "hall",
                        "starts_at",
                        "holding_ends_at",
                        "selling_ends_at",
                        "cancellable_until",
                        "opened_by_operator",
                        "closed_by_operator",
                        "price_zones")));
    }

    @Override
    public List<Class<? extends OnsaleEvent>> facts() {
        return List.of(PerformanceEvent.class);
    }

    @Override
    public Folding begin(ShadowTables beside, boolean fromNothing) {
        RowStore<String, PerformanceRow> rows = new RowStore<>(
                fromNothing,
                ids -> beside.rows(TABLE, PerformanceRow.class, "performance_id IN (:ids)", Map.of("ids", ids)).stream()
                        .collect(Collectors.toMap(PerformanceRow::performanceId, Function.identity())));
        GuardedUpsert<PerformanceRow> upsert = PerformanceRow.UPSERT.into(beside.table(TABLE));
        return new Folding() {
            @Override
            public void take(Facts facts) {
                List<Fact<PerformanceEvent>> batch = facts.of(PerformanceEvent.class);
                rows.fetch(() -> batch.stream()
                        .map(fact -> fact.event().performanceId().toString())
                        .collect(Collectors.toSet()));
                PerformanceProjection.fold(batch, rows.rows(), rows.changed(), new ConsumptionOutcomes());
            }

            @Override
            public int pending() {
                return rows.changed().size();
            }

            @Override
            public void flush(RowSink sink) {
                rows.flush(changed -> sink.write(upsert, changed));
            }
        };
    }
}
