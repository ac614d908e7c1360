package dev.onsale.command.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Metrics of the write path. */
public final class GroupCommitMetrics {

    private final DistributionSummary groupSize;
    private final Timer flushTime;
    private final Counter conflicts;
    private final Counter uncertain;

    public GroupCommitMetrics(MeterRegistry registry) {
        groupSize = DistributionSummary.builder("onsale.store.group.events")
                .description("Events written in one transaction")
                .register(registry);
        flushTime = Timer.builder("onsale.store.flush")
                .description("Time from the start of a group's write to its commit")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        conflicts = Counter.builder("onsale.store.conflicts")
                .description("Groups in which another writer had been first")
                .register(registry);
        uncertain = Counter.builder("onsale.store.uncertain")
                .description("Tries of an append that ended without a certain outcome")
                .register(registry);
    }

    void flushed(int events, long nanos) {
        groupSize.record(events);
        flushTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    void conflict() {
        conflicts.increment();
    }

    void uncertain() {
        uncertain.increment();
    }
}
