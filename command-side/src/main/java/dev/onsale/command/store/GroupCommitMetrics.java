package dev.onsale.command.store;

import dev.onsale.api.EventCatalogue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.EventData;

/** Metrics of the write path. */
public final class GroupCommitMetrics {

    private final DistributionSummary groupSize;
    private final Timer flushTime;
    private final Counter conflicts;
    private final Counter uncertain;
    private final Counter stored;
    private final Counter failed;
    /** By logical type. Events of all types have a counter from the start, so that their rates are known from the first one. */
    private final Map<String, Counter> events = new HashMap<>();

    private final Counter otherEvents;

    public GroupCommitMetrics(MeterRegistry registry) {
        groupSize = DistributionSummary.builder("onsale.store.group.events")
                .description("Events written in one transaction")
                .register(registry);
        flushTime = Timer.builder("onsale.store.flush")
                .description("Time from the start of a group's write to its commit")
                .publishPercentiles(0.5, 0.99)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        conflicts = Counter.builder("onsale.store.conflicts")
                .description("Groups in which another writer had been first")
                .register(registry);
        uncertain = Counter.builder("onsale.store.uncertain")
                .description("Tries of an append that ended without a certain outcome")
                .register(registry);
        stored = writes(registry, "success");
        failed = writes(registry, "failure");
        EventCatalogue.all().forEach(event -> {
            String type = EventCatalogue.typeOf(event).value();
            events.put(type, events(registry, type));
        });
        otherEvents = events(registry, "other");
    }

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private static Counter writes(MeterRegistry registry, String outcome) {
        return Counter.builder("onsale.store.writes")
                .description(
                        "Tries to write a group of events. A conflict between two writers is a success of the store")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter events(MeterRegistry registry, String type) {
        return Counter.builder("onsale.store.events")
                .description("Events that this node has stored, by type")
                .tag("type", type)
                .register(registry);
    }

    /** A group is stored. */
    void flushed(List<? extends EventData<?>> group, int size, long nanos) {
        groupSize.record(size);
        flushTime.record(nanos, TimeUnit.NANOSECONDS);
        stored.increment();
        for (EventData<?> event : group) {
            events.getOrDefault(event.getPayload().getType().getName(), otherEvents)
                    .increment();
        }
    }

    void conflict() {
        conflicts.increment();
        stored.increment();
    }

    void uncertain() {
        uncertain.increment();
        failed.increment();
    }

    /** The store refused a group, and not because another writer was first. */
    void refused() {
        failed.increment();
    }
}
