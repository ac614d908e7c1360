package dev.onsale.query.seatmap;

import dev.onsale.api.SeatId;
import java.io.Serializable;

/** The primary key of a seat's row. */
record SeatKey(String performanceId, String seat) implements Serializable {

    static SeatKey of(SeatId seatId) {
        return new SeatKey(seatId.performanceId().toString(), seatId.seat().toString());
    }
}
