package dev.onsale.api.performance;

import dev.onsale.api.LogicalType;
import dev.onsale.api.OperatorFact;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The limit of seats of one buyer changed, for holds from now on. Who has more keeps them.
 */
@LogicalType("onsale.limit-changed")
public record LimitChanged(
        PerformanceId performanceId,
        int maxSeatsPerBuyer,
        OperatorId operator,
        @Nullable String reason,
        Instant at) implements PerformanceEvent, OperatorFact {}
