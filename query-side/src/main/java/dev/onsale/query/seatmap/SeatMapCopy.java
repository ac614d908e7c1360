package dev.onsale.query.seatmap;

import dev.onsale.api.PerformanceId;
import dev.onsale.query.hall.Hall;
import dev.onsale.query.rebuild.Differences;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The map of a performance in Redis. */
@Component
public class SeatMapCopy {

    private final SeatMaps maps;
    private final SeatMapStore store;

    SeatMapCopy(SeatMaps maps, SeatMapStore store) {
        this.maps = maps;
        this.store = store;
    }

    /** Seats that differ from their rows; nothing if there is no copy, or one of another moment than the rows. */
    public Optional<Differences> differences(PerformanceId performance) {
        SeatMap copy = maps.copy(performance).orElse(null);
        SeatMap rows = maps.rows(performance).orElse(null);
        if (copy == null || rows == null || !copy.edition().equals(rows.edition())) {
            return Optional.empty();
        }
        Differences differences = new Differences();
        Hall hall = maps.hall(performance);
        for (int index = 0; index < rows.seats(); index++) {
            if (copy.state(index) != rows.state(index)) {
                differences.add("seat " + hall.seats().get(index) + " is " + copy.state(index) + " in Redis and "
                        + rows.state(index) + " in its row");
            }
        }
        return Optional.of(differences);
    }

    /** Gives the copy up; the next reader makes a new one. */
    public void forget(PerformanceId performance) {
        store.forget(performance);
    }
}
