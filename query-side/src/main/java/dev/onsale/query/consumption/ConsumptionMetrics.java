package dev.onsale.query.consumption;

import dev.onsale.query.readmodel.ConsumerGroup;
import dev.onsale.query.readmodel.ConsumptionOutcomes;
import dev.onsale.query.readmodel.Fact;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what was consumed. Only logical types become tags: whatever else a record claims to be is one tag value. */
final class ConsumptionMetrics {

    private static final Logger log = LoggerFactory.getLogger(ConsumptionMetrics.class);

    private final MeterRegistry registry;
    private final String group;

    ConsumptionMetrics(MeterRegistry registry, ConsumerGroup group) {
        this.registry = registry;
        this.group = group.label();
    }

    void committed(ConsumptionOutcomes outcomes) {
        outcomes.applied().forEach(fact -> consumed(fact.type(), "applied"));
        outcomes.skipped().forEach(fact -> consumed(fact.type(), "duplicate"));
        for (Fact<?> fact : outcomes.afterGap()) {
            log.warn(
                    "Applied {}, number {} of its aggregate, though one before it was never seen",
                    fact,
                    fact.sequence());
            registry.counter("onsale.consumed.gaps", "group", group, "type", fact.type())
                    .increment();
        }
    }

    void unknown() {
        consumed("unknown", "unknown");
    }

    void deadLettered(String topic) {
        registry.counter("onsale.dead.letters", "group", group, "topic", topic).increment();
    }

    /** The database was away, once more. */
    void heldUp() {
        registry.counter("onsale.consumed.held.up", "group", group).increment();
    }

    private void consumed(String type, String outcome) {
        registry.counter("onsale.consumed.events", "group", group, "type", type, "outcome", outcome)
                .increment();
    }
}
