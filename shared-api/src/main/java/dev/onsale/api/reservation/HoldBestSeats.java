package dev.onsale.api.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import org.jspecify.annotations.Nullable;

/**
 * Holds the best free seats for a buyer, all or nothing. They are chosen where they are held, under the performance's one writer, so
 * that a crowd does not fight over the same ones: beside each other if any row has so many, in the best row that does not end up
 * with a single seat between others. Answered with {@link ReservationHeld}; a repeat with the same id and content is answered like the
 * first, with the same seats. Refused with {@code PERFORMANCE_NOT_FOUND}, {@code SALE_NOT_OPEN}, {@code SALE_CLOSED},
 * {@code UNKNOWN_PRICE_ZONE}, {@code INVALID_REQUEST} (no seats), {@code TOO_MANY_SEATS}, {@code ALLOWANCE_EXCEEDED},
 * {@code NOT_ENOUGH_SEATS}, {@code IDEMPOTENCY_KEY_REUSED}.
 *
 * @param reservationId the new reservation
 * @param performanceId whose seats
 * @param buyerId for whom
 * @param quantity seats, 1 to the limit per buyer
 * @param category the price zone they must be of, or {@code null} for any
 */
public record HoldBestSeats(
        ReservationId reservationId,
        PerformanceId performanceId,
        BuyerId buyerId,
        int quantity,
        @Nullable String category)
        implements OnsaleCommand {

    @Override
    public String routingKey() {
        return performanceId.toString();
    }
}
