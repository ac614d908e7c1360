package dev.onsale.api.view;

import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.reservation.HeldSeat;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reservation as its buyer sees it.
 *
 * @param heldUntil first instant at which an unpaid hold no longer lasts
 * @param discount what a coupon takes off the total in the newest payment; absent without one
 * @param next what the buyer can do now, and until when
 * @param payment the newest payment; absent before the buyer asked to pay
 * @param contact what the buyer gave with a payment; absent if nothing was given, and for everybody but the buyer
 */
public record ReservationView(
        ReservationId reservationId,
        PerformanceId performanceId,
        ReservationStatus status,
        List<HeldSeat> seats,
        Money total,
        Instant heldUntil,
        @Nullable Money discount,
        NextStep next,
        @Nullable PaymentView payment,
        @Nullable ContactView contact) {

    public ReservationView {
        seats = List.copyOf(seats);
    }

    public ReservationView with(PaymentView newest) {
        return new ReservationView(
                reservationId, performanceId, status, seats, total, heldUntil, discount, next, newest, contact);
    }

    public ReservationView with(ContactView given) {
        return new ReservationView(
                reservationId, performanceId, status, seats, total, heldUntil, discount, next, payment, given);
    }
}
