package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The booking ended without a wish of its buyer: the authorised money could not be taken after all, it went back at the gateway, or the
 * show was called off. Every seat that it still had is free again, and its payment is given back.
 *
 * @param reason code of why
 * @param refund what is left of the payment to give back; absent if no part was given back before, then it is the whole payment
 */
@LogicalType("onsale.booking-revoked")
public record BookingRevoked(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        PaymentId paymentId,
        List<SeatLabel> seats,
        String reason,
        Instant revokedAt,
        @Nullable Money refund)
        implements ReservationEvent {

    public BookingRevoked {
        seats = List.copyOf(seats);
    }

    /** With its whole payment. */
    public BookingRevoked(
            ReservationId reservationId,
            PerformanceId performanceId,
            BuyerId buyerId,
            PaymentId paymentId,
            List<SeatLabel> seats,
            String reason,
            Instant revokedAt) {
        this(reservationId, performanceId, buyerId, paymentId, seats, reason, revokedAt, null);
    }
}
