package dev.onsale.api.performance;

import dev.onsale.api.LogicalType;
import dev.onsale.api.OperatorFact;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.SeatLabel;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator took seats off sale. Each seat has a {@link dev.onsale.api.seat.SeatBlocked} of its own.
 *
 * @param seats those that were not blocked before, in the order of the plan
 */
@LogicalType("onsale.seats-blocked")
public record SeatsBlocked(
        PerformanceId performanceId,
        List<SeatLabel> seats,
        OperatorId operator,
        @Nullable String reason,
        Instant at) implements PerformanceEvent, OperatorFact {

    public SeatsBlocked {
        seats = List.copyOf(seats);
    }
}
