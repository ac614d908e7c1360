package dev.onsale.api.performance;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PerformanceId;

/** Opens the sale now, before its window begins, or again after it was closed by an operator. Refused with
 * {@code PERFORMANCE_NOT_FOUND}, or {@code SALE_CLOSED} once the window is over. Opening an open sale changes nothing. */
public record OpenSale(PerformanceId performanceId) implements OnsaleCommand {

    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
