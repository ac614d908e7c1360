package dev.onsale.api.seat;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import org.jspecify.annotations.Nullable;

/** A fact of one seat. */
public sealed interface SeatEvent extends OnsaleEvent
        permits SeatHeld,
                SeatReleased,
                SeatHoldExpired,
                SeatBooked,
                SeatFreed,
                SeatBlocked,
                SeatUnblocked,
                TicketCheckedIn {

    SeatId seatId();

    /** Absent if no reservation has to do with it. */
    @Nullable
    ReservationId reservationId();

    @Override
    default String saleKey() {
        return seatId().performanceId().toString();
    }
}
