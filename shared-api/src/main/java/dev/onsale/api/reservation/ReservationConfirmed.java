package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;
import java.util.List;

/** Every seat of the reservation is booked for the buyer, against this payment. */
@LogicalType("onsale.reservation-confirmed")
public record ReservationConfirmed(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        PaymentId paymentId,
        List<HeldSeat> seats,
        Money total,
        Instant confirmedAt)
        implements ReservationEvent {

    public ReservationConfirmed {
        seats = List.copyOf(seats);
    }
}
