package dev.onsale.api.seat;

import dev.onsale.api.LogicalType;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A blocked seat is free again. Who did it and why says {@link dev.onsale.api.performance.SeatsUnblocked}.
 *
 * @param fencingToken of the last hold, 0 if there was none
 */
@LogicalType("onsale.seat-unblocked")
public record SeatUnblocked(SeatId seatId, long fencingToken, Instant unblockedAt) implements SeatEvent {

    @Override
    public @Nullable ReservationId reservationId() {
        return null;
    }
}
