package dev.onsale.api.performance;

import dev.onsale.api.LogicalType;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import java.time.Instant;

/** An operator closed the sale before its window ended. Version 1 did not say who: {@link OperatorId#UNKNOWN}. */
@LogicalType(value = "onsale.sale-closed", version = 2)
public record SaleClosed(PerformanceId performanceId, OperatorId closedBy, Instant closedAt)
        implements PerformanceEvent {}
