package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/** The money came after the hold had expired and the seats cannot be given any more: it goes back. */
@LogicalType("onsale.late-payment-rejected")
public record LatePaymentRejected(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        PaymentId paymentId,
        String reason,
        Instant rejectedAt)
        implements ReservationEvent {}
