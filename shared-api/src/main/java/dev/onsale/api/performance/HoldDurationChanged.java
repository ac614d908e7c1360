package dev.onsale.api.performance;

import dev.onsale.api.LogicalType;
import dev.onsale.api.OperatorFact;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long a hold lasts changed, for holds from now on.
 */
@LogicalType("onsale.hold-duration-changed")
public record HoldDurationChanged(
        PerformanceId performanceId,
        Duration holdDuration,
        OperatorId operator,
        @Nullable String reason,
        Instant at) implements PerformanceEvent, OperatorFact {}
