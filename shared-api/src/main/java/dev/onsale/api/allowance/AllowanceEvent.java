package dev.onsale.api.allowance;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PerformanceId;

/** A fact of what one buyer has taken of one performance. */
public sealed interface AllowanceEvent extends OnsaleEvent permits AllowanceUsed, AllowanceReturned {

    PerformanceId performanceId();

    BuyerId buyerId();

    @Override
    default String saleKey() {
        return performanceId().toString();
    }
}
