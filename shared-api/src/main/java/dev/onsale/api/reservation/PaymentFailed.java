package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/** No money was taken; the buyer may try again while the hold lasts. */
@LogicalType("onsale.payment-failed")
public record PaymentFailed(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        PaymentId paymentId,
        String reason,
        Instant failedAt)
        implements ReservationEvent {}
