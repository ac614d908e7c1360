package dev.onsale.api.payment;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/** A payment was opened; the gateway has not answered yet. */
@LogicalType("onsale.payment-initiated")
public record PaymentInitiated(
        PaymentId paymentId,
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        Money amount,
        PaymentMethod method,
        Instant initiatedAt)
        implements PaymentEvent {}
