package dev.onsale.api.seat;

import dev.onsale.api.LogicalType;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The seat is off sale; it was free. Who did it and why says {@link dev.onsale.api.performance.SeatsBlocked}.
 *
 * @param fencingToken of the last hold, 0 if there was none
 */
@LogicalType("onsale.seat-blocked")
public record SeatBlocked(SeatId seatId, long fencingToken, Instant blockedAt) implements SeatEvent {

    @Override
    public @Nullable ReservationId reservationId() {
        return null;
    }
}
