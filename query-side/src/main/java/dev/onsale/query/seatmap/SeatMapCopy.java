package dev.onsale.query.seatmap;

import dev.onsale.api.PerformanceId;
import dev.onsale.query.consistency.SaleCopy;
import dev.onsale.query.hall.Hall;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.rebuild.Differences;
import java.util.Optional;
import org.springframework.stereotype.Component;

@Component
class SeatMapCopy implements SaleCopy {

    private final SeatMaps maps;
    private final SeatMapStore store;

    SeatMapCopy(SeatMaps maps, SeatMapStore store) {
        this.maps = maps;
        this.store = store;
    }

    @Override
    public String name() {
        return ReadModelName.SEAT_MAP.text();
    }

    @Override
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

    @Override
    public void forget(PerformanceId performance) {
        store.forget(performance);
    }
}
