package dev.onsale.api.payment;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;

/** A fact of one payment. */
public sealed interface PaymentEvent extends OnsaleEvent
        permits PaymentInitiated,
                PaymentDelayed,
                PaymentActionRequired,
                PaymentAuthorized,
                PaymentDeclined,
                PaymentCaptured,
                PaymentVoided,
                PaymentRefunded,
                PaymentPartlyRefunded,
                PaymentRefundReported,
                PaymentDisputed {

    PaymentId paymentId();

    ReservationId reservationId();

    PerformanceId performanceId();

    @Override
    default String saleKey() {
        return performanceId().toString();
    }
}
