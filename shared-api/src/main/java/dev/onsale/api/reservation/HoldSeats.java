package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import java.util.List;

/**
 * Holds one to several seats for a buyer, all or nothing. Answered with {@link ReservationHeld}; a repeat with the same id
 * and content is answered like the first. Refused with {@code PERFORMANCE_NOT_FOUND}, {@code SALE_NOT_OPEN}, {@code SALE_CLOSED},
 * {@code UNKNOWN_SEAT}, {@code DUPLICATE_SEAT}, {@code TOO_MANY_SEATS}, {@code ALLOWANCE_EXCEEDED}, {@code SEAT_TAKEN},
 * {@code STALE_FENCING_TOKEN}, {@code IDEMPOTENCY_KEY_REUSED}.
 *
 * @param reservationId the new reservation
 * @param performanceId whose seats
 * @param buyerId for whom
 * @param seats 1 to the limit per buyer
 */
public record HoldSeats(
        ReservationId reservationId, PerformanceId performanceId, BuyerId buyerId, List<SeatClaim> seats)
        implements OnsaleCommand {

    public HoldSeats {
        seats = List.copyOf(seats);
    }

    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
