package dev.onsale.api.payment;

import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/** The amount was taken. */
@LogicalType("onsale.payment-captured")
public record PaymentCaptured(
        PaymentId paymentId, ReservationId reservationId, PerformanceId performanceId, Money amount, Instant capturedAt)
        implements PaymentEvent {}
