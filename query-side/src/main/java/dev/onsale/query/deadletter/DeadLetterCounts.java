package dev.onsale.query.deadletter;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import org.springframework.stereotype.Component;

/** How many records wait, as of the last look: for the metrics, and for the limit. */
@Component
class DeadLetterCounts {

    private final DeadLetterStore store;
    private final DeadLetterSettings settings;
    private final MultiGauge waiting;
    private volatile long parked;

    DeadLetterCounts(DeadLetterStore store, DeadLetterSettings settings, MeterRegistry registry) {
        this.store = store;
        this.settings = settings;
        this.waiting = MultiGauge.builder("onsale.dead.letters.waiting")
                .description("Records put aside that wait for an operator (DEAD) or behind such a one (PARKED)")
                .register(registry);
    }

    void look() {
        List<DeadLetterStore.Count> counts = store.counts();
        parked = counts.stream()
                .filter(count -> count.state() == DeadLetterState.PARKED)
                .mapToLong(DeadLetterStore.Count::records)
                .sum();
        waiting.register(
                counts.stream()
                        .map(count -> MultiGauge.Row.of(
                                Tags.of(
                                        "group",
                                        count.group(),
                                        "state",
                                        count.state().name()),
                                count.records()))
                        .toList(),
                true);
    }

    void checkRoom() {
        if (parked >= settings.parkedMax()) {
            throw new ParkingFullException(settings.parkedMax());
        }
    }
}
