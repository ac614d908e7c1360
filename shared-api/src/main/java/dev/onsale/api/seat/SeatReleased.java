package dev.onsale.api.seat;

import dev.onsale.api.LogicalType;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import java.time.Instant;

/** The buyer gave the held seat back. */
@LogicalType("onsale.seat-released")
public record SeatReleased(SeatId seatId, ReservationId reservationId, Instant releasedAt) implements SeatEvent {}
