package dev.onsale.api.performance;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;

/** Closes the sale now; holds and bookings stay. Refused with {@code PERFORMANCE_NOT_FOUND}. Closing twice changes nothing. */
public record CloseSale(PerformanceId performanceId, OperatorId closedBy) implements OnsaleCommand {

    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
