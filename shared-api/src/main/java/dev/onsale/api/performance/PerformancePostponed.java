package dev.onsale.api.performance;

import dev.onsale.api.LogicalType;
import dev.onsale.api.OperatorFact;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The show begins later. Tickets stay valid.
 *
 * @param startsAt the new start
 * @param holdingEndsAt see {@link LatestInstants}; it moved with the start if it was the start, as the next two
 * @param giveBackUntil first instant at which buyers can no longer give tickets back because of it; absent for no such period
 */
@LogicalType("onsale.performance-postponed")
public record PerformancePostponed(
        PerformanceId performanceId,
        Instant startsAt,
        Instant holdingEndsAt,
        Instant sellingEndsAt,
        Instant cancellableUntil,
        @Nullable Instant giveBackUntil,
        OperatorId operator,
        @Nullable String reason,
        Instant at)
        implements PerformanceEvent, OperatorFact {}
