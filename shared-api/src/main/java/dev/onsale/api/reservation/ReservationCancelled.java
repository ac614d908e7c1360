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
 * The reservation was cancelled; every seat that it still had is free again.
 *
 * @param seats those it had at last
 * @param refundOf the payment to give back; absent if none was taken
 * @param refund what is left of it to give back; absent if no part was given back before, then it is the whole payment
 * @param operator who cancelled for the buyer; absent if the buyer did, and if the show was called off
 * @param reason why it was cancelled; absent if the buyer did
 */
@LogicalType("onsale.reservation-cancelled")
public record ReservationCancelled(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        List<SeatLabel> seats,
        @Nullable PaymentId refundOf,
        Instant cancelledAt,
        @Nullable Money refund,
        @Nullable OperatorId operator,
        @Nullable String reason)
        implements ReservationEvent {

    public ReservationCancelled {
        seats = List.copyOf(seats);
    }

    /** By the buyer, at once and in full. */
    public ReservationCancelled(
            ReservationId reservationId,
            PerformanceId performanceId,
            BuyerId buyerId,
            List<SeatLabel> seats,
            @Nullable PaymentId refundOf,
            Instant cancelledAt) {
        this(reservationId, performanceId, buyerId, seats, refundOf, cancelledAt, null, null, null);
    }
}
