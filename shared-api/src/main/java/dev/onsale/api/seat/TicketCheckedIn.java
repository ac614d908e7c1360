package dev.onsale.api.seat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.OperatorId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import java.time.Instant;

/**
 * The ticket of the booked seat was used at the entrance.
 *
 * @param buyerId who booked the seat
 * @param fencingToken of the booking that the ticket is for
 * @param checkedInBy who stood at the entrance
 */
@LogicalType("onsale.ticket-checked-in")
public record TicketCheckedIn(
        SeatId seatId,
        ReservationId reservationId,
        BuyerId buyerId,
        long fencingToken,
        OperatorId checkedInBy,
        Instant checkedInAt)
        implements SeatEvent {}
