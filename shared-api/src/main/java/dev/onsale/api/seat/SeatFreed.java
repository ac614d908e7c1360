package dev.onsale.api.seat;

import dev.onsale.api.LogicalType;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import java.time.Instant;

/** A booking of the seat was cancelled; the seat is free again. */
@LogicalType("onsale.seat-freed")
public record SeatFreed(SeatId seatId, ReservationId reservationId, Instant freedAt) implements SeatEvent {}
