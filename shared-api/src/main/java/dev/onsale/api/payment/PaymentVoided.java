package dev.onsale.api.payment;

import dev.onsale.api.LogicalType;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/** The authorisation was given up; no money was taken. */
@LogicalType("onsale.payment-voided")
public record PaymentVoided(
        PaymentId paymentId, ReservationId reservationId, PerformanceId performanceId, String reason, Instant voidedAt)
        implements PaymentEvent {}
