package dev.onsale.platform.idempotency;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;

/** Repeats, by what was answered: replayed, reused, in_flight; and unchecked, when the store did not say. */
final class IdempotencyMetrics {

    private final MeterRegistry registry;

    IdempotencyMetrics(ObjectProvider<MeterRegistry> registry) {
        this.registry = registry.getIfAvailable(SimpleMeterRegistry::new);
        List.of("replayed", "reused", "in_flight", "unchecked").forEach(this::counter);
    }

    void repeat(String outcome) {
        counter(outcome).increment();
    }

    private Counter counter(String outcome) {
        return registry.counter("onsale.idempotency.repeats", "outcome", outcome);
    }
}
