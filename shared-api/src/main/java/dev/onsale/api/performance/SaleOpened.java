package dev.onsale.api.performance;

import dev.onsale.api.LogicalType;
import dev.onsale.api.PerformanceId;
import java.time.Instant;

/** An operator opened the sale outside its window or again. */
@LogicalType("onsale.sale-opened")
public record SaleOpened(PerformanceId performanceId, Instant openedAt) implements PerformanceEvent {}
