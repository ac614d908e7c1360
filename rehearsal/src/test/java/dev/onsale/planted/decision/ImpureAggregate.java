package dev.onsale.planted.decision;

import dev.onsale.planted.bean.InjectedFields;
import java.time.Clock;
import java.time.Instant;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** An aggregate with a clock and a Spring bean: the same events may lead to other decisions. */
@Aggregate
public class ImpureAggregate {

    private @Nullable InjectedFields bean;

    boolean decide(Clock clock) {
        return bean != null && clock.instant().isAfter(Instant.EPOCH);
    }
}
