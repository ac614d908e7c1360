package dev.onsale.api.performance;

import dev.onsale.api.LogicalType;
import dev.onsale.api.OperatorFact;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When seats can be held, paid for and cancelled changed. All instants are named, also those that stayed.
 *
 * @param holdingEndsAt see {@link LatestInstants}, as the next two
 */
@LogicalType("onsale.sale-window-changed")
public record SaleWindowChanged(
        PerformanceId performanceId,
        Instant saleOpensAt,
        Instant saleClosesAt,
        Instant holdingEndsAt,
        Instant sellingEndsAt,
        Instant cancellableUntil,
        OperatorId operator,
        @Nullable String reason,
        Instant at)
        implements PerformanceEvent, OperatorFact {}
