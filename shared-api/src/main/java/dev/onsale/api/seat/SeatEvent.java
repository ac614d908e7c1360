package dev.onsale.api.seat;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;

/** A fact of one seat. */
public sealed interface SeatEvent extends OnsaleEvent
        permits SeatHeld, SeatReleased, SeatHoldExpired, SeatBooked, SeatFreed, TicketCheckedIn {

    SeatId seatId();

    ReservationId reservationId();

    @Override
    default String saleKey() {
        return seatId().performanceId().toString();
    }
}
