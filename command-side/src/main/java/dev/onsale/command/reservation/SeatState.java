package dev.onsale.command.reservation;

import dev.onsale.api.ReservationId;
import java.time.Instant;

/** Whose a seat is. */
sealed interface SeatState {

    record Available() implements SeatState {}

    /**
     * @param until the hold's own end; a payment in flight, which only the reservation knows, may keep it longer
     */
    record Held(ReservationId by, long fencingToken, Instant until) implements SeatState {}

    record Booked(ReservationId by) implements SeatState {}

    /** An operator took it off sale. */
    record Blocked() implements SeatState {}
}
