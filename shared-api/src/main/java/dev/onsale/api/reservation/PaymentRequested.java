package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.payment.PaymentMethod;
import java.time.Instant;

/** The buyer asked to pay. Until the outcome is known, at the latest {@code payBefore}, the hold does not expire. */
@LogicalType("onsale.payment-requested")
public record PaymentRequested(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        PaymentId paymentId,
        Money amount,
        PaymentMethod method,
        Instant payBefore,
        Instant requestedAt)
        implements ReservationEvent {}
