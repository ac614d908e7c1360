package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;

/** A fact of one reservation. */
public sealed interface ReservationEvent extends OnsaleEvent
        permits ReservationHeld,
                PaymentRequested,
                PaymentFailed,
                ReservationConfirmed,
                ReservationExpired,
                ReservationCancelled {

    ReservationId reservationId();

    PerformanceId performanceId();

    BuyerId buyerId();

    @Override
    default String saleKey() {
        return performanceId().toString();
    }
}
