package dev.onsale.api.performance;

import dev.onsale.api.LogicalType;
import dev.onsale.api.OperatorFact;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import java.time.Instant;

/**
 * The show will not take place. Nothing is held or booked any more. Holds are released and bookings revoked one after the other,
 * each with a fact of its own.
 *
 * @param operator who called it off
 * @param reason why, 1 to 500 characters
 */
@LogicalType("onsale.performance-called-off")
public record PerformanceCalledOff(PerformanceId performanceId, OperatorId operator, String reason, Instant at)
        implements PerformanceEvent, OperatorFact {}
