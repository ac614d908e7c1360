package dev.onsale.query.ticket;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The used tickets of a performance, the last first.
 *
 * @param checkedIn how many in all
 * @param next to pass on as {@code after}; absent on the last page
 */
record CheckIns(
        PerformanceId performanceId,
        long checkedIn,
        List<CheckIn> items,
        @Nullable String next) {

    /**
     * One used ticket.
     *
     * @param checkedInBy who stood at the entrance
     */
    record CheckIn(
            SeatLabel seat,
            ReservationId reservationId,
            BuyerId buyerId,
            Instant checkedInAt,
            OperatorId checkedInBy) {}
}
