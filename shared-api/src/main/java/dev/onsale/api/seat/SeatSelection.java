package dev.onsale.api.seat;

import dev.onsale.api.SeatLabel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Seats of a plan that an operator names: by their labels, or a whole zone or a row of it.
 *
 * @param seats labels; empty if a zone is named
 * @param zone name of a zone
 * @param row number of a row of the zone; absent for all
 */
public record SeatSelection(
        List<SeatLabel> seats,
        @Nullable String zone,
        @Nullable String row) {

    /** The most seats that one order changes. */
    public static final int SEATS_MAX = 5_000;

    public SeatSelection {
        seats = List.copyOf(seats);
    }

    public static SeatSelection of(List<SeatLabel> seats) {
        return new SeatSelection(seats, null, null);
    }
}
