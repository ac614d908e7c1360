package dev.onsale.api.performance;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PerformanceId;

/** A fact of one performance. */
public sealed interface PerformanceEvent extends OnsaleEvent
        permits PerformanceScheduled,
                SaleOpened,
                SaleClosed,
                PricesChanged,
                LimitChanged,
                HoldDurationChanged,
                SaleWindowChanged,
                PerformancePostponed,
                PerformanceRenamed,
                SeatsBlocked,
                SeatsUnblocked,
                PerformanceCalledOff {

    PerformanceId performanceId();

    @Override
    default String saleKey() {
        return performanceId().toString();
    }
}
