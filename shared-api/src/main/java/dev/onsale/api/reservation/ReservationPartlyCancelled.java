package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some seats of the reservation were cancelled and are free again; the others stay. The last seats of a reservation end it, with
 * {@link ReservationCancelled}.
 *
 * @param part number of this part cancellation among those of the reservation, from 1
 * @param seats which seats were cancelled
 * @param total price of the seats that stay
 * @param refundOf the payment that gives a part back; absent if the seats were not paid
 * @param refund what it gives back, which may be nothing; absent if the seats were not paid
 * @param operator who cancelled for the buyer; absent if the buyer did
 * @param reason why the operator cancelled; absent if the buyer did
 */
@LogicalType("onsale.reservation-partly-cancelled")
public record ReservationPartlyCancelled(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        int part,
        List<SeatLabel> seats,
        Money total,
        @Nullable PaymentId refundOf,
        @Nullable Money refund,
        @Nullable OperatorId operator,
        @Nullable String reason,
        Instant at)
        implements ReservationEvent {

    public ReservationPartlyCancelled {
        seats = List.copyOf(seats);
    }
}
