package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import java.time.Instant;
import java.util.List;

/** The authorised money could not be taken after all: no money, no seats. Every seat is free again. */
@LogicalType("onsale.booking-revoked")
public record BookingRevoked(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        PaymentId paymentId,
        List<SeatLabel> seats,
        String reason,
        Instant revokedAt)
        implements ReservationEvent {

    public BookingRevoked {
        seats = List.copyOf(seats);
    }
}
