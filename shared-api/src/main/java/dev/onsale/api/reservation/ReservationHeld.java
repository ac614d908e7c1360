package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;
import java.util.List;

/** All seats of the reservation are held for the buyer until {@code heldUntil} (exclusive). */
@LogicalType("onsale.reservation-held")
public record ReservationHeld(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        List<HeldSeat> seats,
        Money total,
        Instant heldUntil,
        Instant heldAt)
        implements ReservationEvent {

    public ReservationHeld {
        seats = List.copyOf(seats);
    }
}
