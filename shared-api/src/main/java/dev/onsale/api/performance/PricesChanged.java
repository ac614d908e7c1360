package dev.onsale.api.performance;

import dev.onsale.api.LogicalType;
import dev.onsale.api.OperatorFact;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prices of seats that nobody holds change from an instant on. A hold keeps the prices it was made with.
 *
 * @param prices the new price of each category named; other categories keep theirs
 * @param effectiveFrom first instant at which holds are made with them
 */
@LogicalType("onsale.prices-changed")
public record PricesChanged(
        PerformanceId performanceId,
        List<PriceZone> prices,
        Instant effectiveFrom,
        OperatorId operator,
        @Nullable String reason,
        Instant at)
        implements PerformanceEvent, OperatorFact {

    public PricesChanged {
        prices = List.copyOf(prices);
    }
}
