package dev.onsale.saga.step;

import dev.onsale.platform.supervision.PeriodicBean;
import dev.onsale.platform.supervision.SupervisedWork;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Metrics of the steps of all nodes, from their table. Every node shows the same. */
final class StepWatch extends PeriodicBean {

    private static final Duration EVERY = Duration.ofSeconds(15);
    private static final Duration SILENT_MAX = Duration.ofMinutes(5);

    private final StuckSteps steps;
    private final Clock clock;
    private final List<String> kinds;
    private final MultiGauge waiting;
    private final MultiGauge stuck;
    private volatile double overdueSeconds;

    /**
     * @param kinds of steps that this version knows
     */
    StepWatch(StuckSteps steps, Clock clock, List<String> kinds, MeterRegistry registry) {
        super(new SupervisedWork("saga-step-watch", SILENT_MAX).optional(), EVERY);
        this.steps = steps;
        this.clock = clock;
        this.kinds = kinds;
        this.waiting = MultiGauge.builder("onsale.saga.steps.waiting")
                .description("Steps in the table, due now or later")
                .register(registry);
        this.stuck = MultiGauge.builder("onsale.saga.steps.stuck")
                .description("Steps that failed several times in a row, or are overdue")
                .register(registry);
        Gauge.builder("onsale.saga.steps.overdue.seconds", this, watch -> watch.overdueSeconds)
                .description("How long the oldest due step waits to be run")
                .register(registry);
        show(new StuckSteps.Counts(java.util.Map.of(), java.util.Map.of(), Duration.ZERO));
    }

    @Override
    protected void round() {
        Instant now = clock.instant();
        show(steps.count(now));
    }

    private void show(StuckSteps.Counts counts) {
        TreeSet<String> all = new TreeSet<>(kinds);
        all.addAll(counts.waiting().keySet());
        List<Row<?>> present = new ArrayList<>();
        List<Row<?>> failing = new ArrayList<>();
        for (String kind : all) {
            Tags tags = Tags.of("kind", kind);
            present.add(Row.of(tags, counts.waiting().getOrDefault(kind, 0L)));
            failing.add(Row.of(tags, counts.stuck().getOrDefault(kind, 0L)));
        }
        waiting.register(present, true);
        stuck.register(failing, true);
        overdueSeconds = counts.overdue().toMillis() / 1_000.0;
    }
}
