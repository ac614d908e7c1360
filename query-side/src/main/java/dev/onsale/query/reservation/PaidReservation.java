package dev.onsale.query.reservation;

import dev.onsale.api.view.ReservationView;
import org.jspecify.annotations.Nullable;

/** A reservation with its newest payment, in one query. */
record PaidReservation(ReservationRow reservation, @Nullable PaymentRow payment) {

    ReservationView view() {
        return reservation.view(payment);
    }
}
