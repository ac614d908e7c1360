package dev.onsale.api.payment;

import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/**
 * The buyer's bank questions a payment. Told once for each change of the dispute's status.
 *
 * @param disputeReference the gateway's name for the dispute
 * @param status the gateway's status, such as {@code needs_response}, {@code won} or {@code lost}
 * @param reason the gateway's code of why
 */
@LogicalType("onsale.payment-disputed")
public record PaymentDisputed(
        PaymentId paymentId,
        ReservationId reservationId,
        PerformanceId performanceId,
        String disputeReference,
        Money amount,
        String status,
        String reason,
        Instant reportedAt)
        implements PaymentEvent {}
