package dev.onsale.waitingroom.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** What became of the joins that came through the topic. */
@Component
class IntakeMetrics {

    private final Counter taken;
    private final Counter refused;
    private final Counter putAside;

    IntakeMetrics(MeterRegistry metrics) {
        taken = counter(metrics, "taken");
        refused = counter(metrics, "refused");
        putAside = counter(metrics, "put_aside");
    }

    void taken() {
        taken.increment();
    }

    void refused() {
        refused.increment();
    }

    void putAside() {
        putAside.increment();
    }

    private static Counter counter(MeterRegistry metrics, String outcome) {
        return metrics.counter("onsale.waiting.room.intake", "outcome", outcome);
    }
}
