package dev.onsale.api.seat;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.OperatorId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;

/**
 * Uses the ticket of one booked seat, once. Answered with {@link TicketCheckedIn}. Refused with {@code TICKET_VOID} if the seat is
 * not booked by this booking (any more), and with {@code TICKET_USED} if the ticket was used before.
 *
 * @param seatId which seat
 * @param reservationId the reservation that the ticket names
 * @param fencingToken the token of the booking that the ticket names
 * @param operator who stands at the entrance
 */
public record CheckInTicket(SeatId seatId, ReservationId reservationId, long fencingToken, OperatorId operator)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return seatId.performanceId().toString();
    }
}
