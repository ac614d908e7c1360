package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import java.time.Instant;
import java.util.List;

/** The hold ended without a booking; every seat is free again. */
@LogicalType("onsale.reservation-expired")
public record ReservationExpired(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        List<SeatLabel> seats,
        Instant expiredAt)
        implements ReservationEvent {

    public ReservationExpired {
        seats = List.copyOf(seats);
    }
}
