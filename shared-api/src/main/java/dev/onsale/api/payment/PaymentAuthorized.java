package dev.onsale.api.payment;

import dev.onsale.api.LogicalType;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;

/** The gateway reserved the amount under {@code gatewayReference}; nothing is taken before the capture. */
@LogicalType("onsale.payment-authorized")
public record PaymentAuthorized(
        PaymentId paymentId,
        ReservationId reservationId,
        PerformanceId performanceId,
        String gatewayReference,
        Instant authorizedAt)
        implements PaymentEvent {}
