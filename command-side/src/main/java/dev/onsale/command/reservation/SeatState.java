package dev.onsale.command.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ReservationId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whose a seat is. */
sealed interface SeatState {

    record Available() implements SeatState {}

    /**
     * @param until the hold's own end; a payment in flight, which only the reservation knows, may keep it longer
     */
    record Held(ReservationId by, long fencingToken, Instant until) implements SeatState {}

    /**
     * @param checkedInAt when its ticket was used; absent before
     */
    record Booked(
            ReservationId by,
            BuyerId buyer,
            long fencingToken,
            @Nullable Instant checkedInAt) implements SeatState {}

    /** An operator took it off sale. */
    record Blocked() implements SeatState {}
}
