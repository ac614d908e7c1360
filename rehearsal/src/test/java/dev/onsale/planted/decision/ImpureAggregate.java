package dev.onsale.planted.decision;

import dev.onsale.planted.bean.InjectedFields;
import java.time.Clock;
import java.time.Instant;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** Decides by a clock and a bean of its own, so that the same facts can decide otherwise tomorrow. */
@Aggregate
public class ImpureAggregate {

    private @Nullable InjectedFields bean;

    boolean decide(Clock clock) {
        return bean != null && clock.instant().isAfter(Instant.EPOCH);
    }
}
