package dev.onsale.api.payment;

import dev.onsale.api.LogicalType;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/**
 * The payment has no outcome yet, for the reason given: {@code GATEWAY_UNAVAILABLE}, nothing was sent so far, or
 * {@code OUTCOME_UNKNOWN}, the answer was lost and is asked for, or {@code GATEWAY_MISCONFIGURED}, the gateway refuses the operator's
 * settings. Told once for each change of the reason.
 */
@LogicalType("onsale.payment-delayed")
public record PaymentDelayed(
        PaymentId paymentId, ReservationId reservationId, PerformanceId performanceId, String reason, Instant delayedAt)
        implements PaymentEvent {}
