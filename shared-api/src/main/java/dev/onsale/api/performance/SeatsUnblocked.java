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
 * An operator put blocked seats on sale again. Each seat has a {@link dev.onsale.api.seat.SeatUnblocked} of its own.
 *
 * @param seats those that were blocked before, in the order of the plan
 */
@LogicalType("onsale.seats-unblocked")
public record SeatsUnblocked(
        PerformanceId performanceId,
        List<SeatLabel> seats,
        OperatorId operator,
        @Nullable String reason,
        Instant at) implements PerformanceEvent, OperatorFact {

    public SeatsUnblocked {
        seats = List.copyOf(seats);
    }
}
