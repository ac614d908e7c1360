package dev.onsale.command.reservation;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.failure.Causes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How long holds take, from the request to the answer, and how they end. */
@Component
final class HoldMetrics {

    /** How a hold ends. */
    enum Outcome {
        HELD,
        /** A rule of the sale says no, such as a taken seat. */
        REFUSED,
        /** Onsale could not decide: overloaded, a service is away, or an error. */
        FAILED
    }

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(3),
        Duration.ofSeconds(10)
    };

    private final Map<Outcome, Timer> timers = new EnumMap<>(Outcome.class);

    HoldMetrics(MeterRegistry registry) {
        for (Outcome outcome : Outcome.values()) {
            timers.put(
                    outcome,
                    Timer.builder("reservation.duration")
                            .description("Time from a request to hold seats to its answer")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .serviceLevelObjectives(BUCKETS)
                            .register(registry));
        }
    }

    <T> CompletionStage<T> timed(Supplier<CompletionStage<T>> hold) {
        long begun = System.nanoTime();
        return hold.get().whenComplete((held, failure) -> {
            Timer timer = timers.get(outcome(failure));
            if (timer != null) {
                timer.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
            }
        });
    }

    static Outcome outcome(@Nullable Throwable failure) {
        if (failure == null) {
            return Outcome.HELD;
        }
        RefusedException refused = Causes.find(failure, RefusedException.class);
        return refused == null
                        || refused.code() == RefusalCode.OVERLOADED
                        || refused.code() == RefusalCode.TEMPORARILY_UNAVAILABLE
                ? Outcome.FAILED
                : Outcome.REFUSED;
    }
}
