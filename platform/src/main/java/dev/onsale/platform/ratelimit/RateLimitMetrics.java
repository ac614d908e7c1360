package dev.onsale.platform.ratelimit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.ObjectProvider;

/** What an operator wants to see of the limits. */
final class RateLimitMetrics {

    private final MeterRegistry registry;

    RateLimitMetrics(ObjectProvider<MeterRegistry> registry) {
        this.registry = registry.getIfAvailable(SimpleMeterRegistry::new);
    }

    void refused(Policy policy) {
        registry.counter("onsale.ratelimit.refused", "policy", policy.name()).increment();
    }

    /** Requests to the shared buckets: counted, failed, or not sent because Redis is left alone. */
    void shared(String outcome) {
        registry.counter("onsale.ratelimit.shared", "outcome", outcome).increment();
    }

    <T> void clients(Policy policy, T counted, ToDoubleFunction<T> size) {
        io.micrometer.core.instrument.Gauge.builder("onsale.ratelimit.clients", counted, size)
                .description("Clients of which this node keeps count")
                .tag("policy", policy.name())
                .register(registry);
    }
}
