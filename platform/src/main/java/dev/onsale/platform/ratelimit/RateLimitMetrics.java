package dev.onsale.platform.ratelimit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.ObjectProvider;

/** What an operator wants to see of the limits. */
final class RateLimitMetrics {

    private final MeterRegistry registry;

    RateLimitMetrics(ObjectProvider<MeterRegistry> registry) {
        this.registry = registry.getIfAvailable(SimpleMeterRegistry::new);
        List.of("counted", "failed", "left_alone").forEach(this::sharedBuckets);
    }

    void refused(Policy policy) {
        refusals(policy).increment();
    }

    private Counter refusals(Policy policy) {
        return registry.counter("onsale.ratelimit.refused", "policy", policy.name());
    }

    private Counter sharedBuckets(String outcome) {
        return registry.counter("onsale.ratelimit.shared", "outcome", outcome);
    }

    /** Requests to the shared buckets: counted, failed, or not sent because Redis is left alone. */
    void shared(String outcome) {
        sharedBuckets(outcome).increment();
    }

    <T> void clients(Policy policy, T counted, ToDoubleFunction<T> size) {
        var unused = refusals(policy);
        io.micrometer.core.instrument.Gauge.builder("onsale.ratelimit.clients", counted, size)
                .description("Clients of which this node keeps count")
                .tag("policy", policy.name())
                .register(registry);
    }
}
