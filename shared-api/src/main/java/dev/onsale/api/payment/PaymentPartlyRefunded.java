package dev.onsale.api.payment;

import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/**
 * A part of the captured amount was given back, for seats that were cancelled while others stay. The rest is given back by
 * {@link PaymentRefunded}, if ever.
 *
 * @param part number of the part cancellation of the reservation, from 1
 * @param amount what was given back for it
 */
@LogicalType("onsale.payment-partly-refunded")
public record PaymentPartlyRefunded(
        PaymentId paymentId,
        ReservationId reservationId,
        PerformanceId performanceId,
        int part,
        Money amount,
        Instant refundedAt)
        implements PaymentEvent {}
