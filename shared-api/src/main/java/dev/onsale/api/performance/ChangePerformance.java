package dev.onsale.api.performance;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.OperatorAction;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.Revision;
import org.jspecify.annotations.Nullable;

/**
 * Changes the terms of a performance: all that is asked for, or nothing. Answered with the {@link PerformanceTerms} after it; a
 * change that is made already is answered so, too. Refused with {@code PERFORMANCE_NOT_FOUND}, {@code SALE_OVER},
 * {@code CHANGED_MEANWHILE}, {@code STALE_REVISION}, {@code INVALID_REQUEST}, {@code INVALID_WINDOW}, {@code INVALID_PRICE},
 * {@code UNKNOWN_PRICE_ZONE}.
 *
 * @param basedOn what the operator knew; absent for whatever there is
 */
public record ChangePerformance(
        PerformanceId performanceId,
        PerformanceChange change,
        OperatorAction by,
        @Nullable Revision basedOn) implements OnsaleCommand {

    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
