package dev.onsale.api.payment;

import dev.onsale.api.LogicalType;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/** The gateway refused; no money was taken. */
@LogicalType("onsale.payment-declined")
public record PaymentDeclined(
        PaymentId paymentId,
        ReservationId reservationId,
        PerformanceId performanceId,
        String reason,
        Instant declinedAt)
        implements PaymentEvent {}
