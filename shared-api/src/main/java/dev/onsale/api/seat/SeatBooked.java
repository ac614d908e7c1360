package dev.onsale.api.seat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import java.time.Instant;

/** The seat is paid for and belongs to the buyer. */
@LogicalType("onsale.seat-booked")
public record SeatBooked(
        SeatId seatId, ReservationId reservationId, BuyerId buyerId, long fencingToken, Instant bookedAt)
        implements SeatEvent {}
