package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;

/** A fact of one reservation. */
public sealed interface ReservationEvent extends OnsaleEvent
        permits ReservationHeld,
                PaymentDiscounted,
                PaymentRequested,
                PaymentFailed,
                ReservationConfirmed,
                ReservationExpired,
                LatePaymentAccepted,
                LatePaymentRejected,
                BookingRevoked,
                ReservationCancelled,
                ReservationPartlyCancelled {

    ReservationId reservationId();

    PerformanceId performanceId();

    BuyerId buyerId();

    @Override
    default String saleKey() {
        return performanceId().toString();
    }
}
