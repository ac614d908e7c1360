package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;
import java.util.List;

/**
 * The money came after the hold had expired and every seat was still free: the reservation has its seats again, under new fencing
 * tokens. {@link ReservationConfirmed} follows.
 */
@LogicalType("onsale.late-payment-accepted")
public record LatePaymentAccepted(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        PaymentId paymentId,
        List<HeldSeat> seats,
        Instant acceptedAt)
        implements ReservationEvent {

    public LatePaymentAccepted {
        seats = List.copyOf(seats);
    }
}
