package dev.onsale.query.ticket;

import dev.onsale.api.SeatId;
import java.io.Serializable;

/** The primary key of a used ticket. */
record CheckInKey(String performanceId, String seat) implements Serializable {

    static CheckInKey of(SeatId seatId) {
        return new CheckInKey(seatId.performanceId().toString(), seatId.seat().toString());
    }
}
