package dev.onsale.api.payment;

import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/**
 * The captured amount was given back, or what was left of it.
 *
 * @param amount what was given back now: the captured amount less its {@link PaymentPartlyRefunded} parts
 */
@LogicalType("onsale.payment-refunded")
public record PaymentRefunded(
        PaymentId paymentId, ReservationId reservationId, PerformanceId performanceId, Money amount, Instant refundedAt)
        implements PaymentEvent {}
