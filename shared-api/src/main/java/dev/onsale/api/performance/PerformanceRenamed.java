package dev.onsale.api.performance;

import dev.onsale.api.LogicalType;
import dev.onsale.api.OperatorFact;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The performance has another name.
 */
@LogicalType("onsale.performance-renamed")
public record PerformanceRenamed(
        PerformanceId performanceId,
        String title,
        OperatorId operator,
        @Nullable String reason,
        Instant at) implements PerformanceEvent, OperatorFact {}
