package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gives a held or booked reservation back, or some of its seats. Answered with {@link ReservationCancelled}, or with
 * {@link ReservationPartlyCancelled} if seats stay; the same for a repeat. Refused with {@code RESERVATION_NOT_FOUND} (also for somebody
 * else's), {@code HOLD_EXPIRED}, {@code ALREADY_CANCELLED}, {@code SEAT_NOT_IN_RESERVATION}, {@code DUPLICATE_SEAT},
 * {@code CANCELLATION_CLOSED} (never for an operator), and {@code PAYMENT_IN_FLIGHT} if seats stay whose payment is under way.
 *
 * @param reservationId which reservation
 * @param performanceId its performance
 * @param buyerId who asks: the buyer, or an operator
 * @param seats which seats; empty for all
 * @param operator the same person, if an operator; else absent
 * @param reason why the operator cancels for the buyer, 1 to 500 characters; absent if it is the caller's own reservation
 */
public record CancelReservation(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        List<SeatLabel> seats,
        @Nullable OperatorId operator,
        @Nullable String reason)
        implements OnsaleCommand {

    public CancelReservation {
        // A node of the version before sends none.
        seats = List.copyOf(Objects.requireNonNullElse(seats, List.of()));
    }

    /** The whole reservation, by its buyer. */
    public CancelReservation(ReservationId reservationId, PerformanceId performanceId, BuyerId buyerId) {
        this(reservationId, performanceId, buyerId, List.of(), null, null);
    }

    /** Whether an operator cancels for the buyer, at any time; else the rules for buyers hold. */
    public boolean isForBuyer() {
        return operator != null && reason != null;
    }

    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
