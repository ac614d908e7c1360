package dev.onsale.api.performance;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;

/**
 * Calls a show off, for good. Answered with {@link PerformanceCalledOff}, the first one for a repeat, whoever repeats it. Refused with
 * {@code PERFORMANCE_NOT_FOUND}, and {@code INVALID_REQUEST} without a reason.
 *
 * @param performanceId which show
 * @param operator who calls it off
 * @param reason why, 1 to 500 characters
 */
public record CallOffPerformance(PerformanceId performanceId, OperatorId operator, String reason)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
