package dev.onsale.api.seat;

import dev.onsale.api.LogicalType;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import java.time.Instant;

/** The clock ended the hold; the seat is free again. */
@LogicalType("onsale.seat-hold-expired")
public record SeatHoldExpired(SeatId seatId, ReservationId reservationId, Instant expiredAt) implements SeatEvent {}
