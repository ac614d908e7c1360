package dev.onsale.api.payment;

import dev.onsale.api.LogicalType;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.personal.SealedText;
import java.time.Instant;

/** The bank asks the buyer to authenticate (3-D Secure). The payment waits for it; {@code clientSecret} is for the buyer alone. */
@LogicalType("onsale.payment-action-required")
public record PaymentActionRequired(
        PaymentId paymentId,
        ReservationId reservationId,
        PerformanceId performanceId,
        String gatewayReference,
        SealedText clientSecret,
        Instant requiredAt)
        implements PaymentEvent {}
