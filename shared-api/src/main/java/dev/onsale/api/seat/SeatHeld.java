package dev.onsale.api.seat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.LogicalType;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import java.time.Instant;

/** A buyer holds the seat until {@code heldUntil} (exclusive), fenced by a token that only ever grows for this seat. */
@LogicalType("onsale.seat-held")
public record SeatHeld(
        SeatId seatId,
        ReservationId reservationId,
        BuyerId buyerId,
        long fencingToken,
        Instant heldUntil,
        Instant heldAt)
        implements SeatEvent {}
