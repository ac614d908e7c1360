package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The buyer cancelled; every seat is free again. {@code refundOf} is the payment to give back, absent if none was taken. */
@LogicalType("onsale.reservation-cancelled")
public record ReservationCancelled(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        List<SeatLabel> seats,
        @Nullable PaymentId refundOf,
        Instant cancelledAt)
        implements ReservationEvent {

    public ReservationCancelled {
        seats = List.copyOf(seats);
    }
}
