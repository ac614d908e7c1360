package dev.onsale.query.performance;

import dev.onsale.api.performance.PerformanceEvent;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.query.readmodel.AggregateReadModel;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.readmodel.Table;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Performances without their plans, which are copied from the log once and never change. */
@Component
class PerformanceReadModel extends AggregateReadModel<PerformanceEvent, PerformanceRow> {

    PerformanceReadModel() {
        super(
                ReadModelName.PERFORMANCES,
                PerformanceEvent.class,
                Table.of(PerformanceRow.class, PerformanceRow::performanceId),
                "performance");
    }

    @Override
    protected String key(PerformanceEvent event) {
        return event.performanceId().toString();
    }

    @Override
    protected @Nullable PerformanceRow first(Fact<PerformanceEvent> fact) {
        return fact.event() instanceof PerformanceScheduled scheduled ? new PerformanceRow(fact, scheduled) : null;
    }

    @Override
    protected void become(PerformanceRow row, PerformanceEvent event) {
        row.become(event);
    }
}
