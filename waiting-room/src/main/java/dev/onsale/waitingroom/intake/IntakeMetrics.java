package dev.onsale.waitingroom.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** Outcomes of joins from the topic. */
@Component
final class IntakeMetrics {

    final Counter taken;
    final Counter refused;
    final Counter putAside;

    IntakeMetrics(MeterRegistry metrics) {
        taken = metrics.counter("onsale.waiting.room.intake", "outcome", "taken");
        refused = metrics.counter("onsale.waiting.room.intake", "outcome", "refused");
        putAside = metrics.counter("onsale.waiting.room.intake", "outcome", "put_aside");
    }
}
