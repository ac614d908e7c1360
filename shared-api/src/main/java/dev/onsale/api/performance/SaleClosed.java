package dev.onsale.api.performance;

import dev.onsale.api.LogicalType;
import dev.onsale.api.PerformanceId;
import java.time.Instant;

/** An operator closed the sale before its window ended. */
@LogicalType("onsale.sale-closed")
public record SaleClosed(PerformanceId performanceId, Instant closedAt) implements PerformanceEvent {}
