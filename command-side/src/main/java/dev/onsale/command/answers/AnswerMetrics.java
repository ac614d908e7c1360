package dev.onsale.command.answers;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;

final class AnswerMetrics {

    private final MeterRegistry registry;
    private final Counter stored;
    private final Counter leftOut;
    private final Counter lookups;

    AnswerMetrics(MeterRegistry registry) {
        this.registry = registry;
        stored = Counter.builder("onsale.idempotency.stored")
                .description("Answers written behind their requests")
                .register(registry);
        leftOut = Counter.builder("onsale.idempotency.left_out")
                .description("Answers that were not stored because too many waited")
                .register(registry);
        lookups = Counter.builder("onsale.idempotency.lookups")
                .description("Look-ups of an answer in the database")
                .register(registry);
    }

    void waiting(Collection<?> queue) {
        Gauge.builder("onsale.idempotency.waiting", queue, Collection::size)
                .description("Answers that wait to be written")
                .register(registry);
    }

    void stored(int answers) {
        stored.increment(answers);
    }

    void leftOut() {
        leftOut.increment();
    }

    void lookup() {
        lookups.increment();
    }
}
