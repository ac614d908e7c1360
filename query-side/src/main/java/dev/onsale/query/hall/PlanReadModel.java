package dev.onsale.query.hall;

import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.eventlog.EventJson;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.Keys;
import dev.onsale.query.readmodel.ReadModel;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.readmodel.Rows;
import dev.onsale.query.readmodel.Table;
import java.util.List;
import org.springframework.stereotype.Component;

/** Keeps the plan of every performance. What becomes of the facts is counted by the read model of performances. */
@Component
class PlanReadModel extends ReadModel<PerformanceScheduled> {

    private static final Table<String, PlanRow> PLANS = Table.of(PlanRow.class, PlanRow::performanceId);

    PlanReadModel() {
        super(ReadModelName.PERFORMANCE_PLANS, List.of(PerformanceScheduled.class), PLANS);
    }

    @Override
    protected void keys(PerformanceScheduled event, Keys keys) {
        keys.addCreated(PLANS, event.performanceId().toString());
    }

    @Override
    protected void fold(Fact<PerformanceScheduled> fact, Rows rows) {
        String id = fact.event().performanceId().toString();
        if (rows.find(PLANS, id) == null) {
            byte[] plan = EventJson.mapper().writeValueAsBytes(fact.event().seatingPlan());
            PlanRow row = new PlanRow(id, plan, fact.position());
            rows.add(PLANS, id, row);
            rows.changed(PLANS, id, row);
        }
    }
}
