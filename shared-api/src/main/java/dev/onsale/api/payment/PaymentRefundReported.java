package dev.onsale.api.payment;

import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway says of one refund, in whole or in part, made by Onsale or at the gateway's dashboard. Told once for each change
 * of its status. That the whole amount is back is told by {@link PaymentRefunded}.
 *
 * @param refundReference the gateway's name for the refund
 * @param failureReason the gateway's code for a refund that failed; absent otherwise
 */
@LogicalType("onsale.payment-refund-reported")
public record PaymentRefundReported(
        PaymentId paymentId,
        ReservationId reservationId,
        PerformanceId performanceId,
        String refundReference,
        Money amount,
        RefundStatus status,
        @Nullable String failureReason,
        Instant reportedAt)
        implements PaymentEvent {}
