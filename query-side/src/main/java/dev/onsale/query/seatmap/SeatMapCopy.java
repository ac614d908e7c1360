package dev.onsale.query.seatmap;

import dev.onsale.api.PerformanceId;
import dev.onsale.query.consistency.SaleCopy;
import dev.onsale.query.hall.Hall;
import java.util.ArrayList;
import java.util.List;
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
        return SeatRebuild.NAME;
    }

    @Override
    public Optional<List<String>> differences(PerformanceId performance) {
        SeatMap copy = maps.copy(performance).orElse(null);
        SeatMap rows = maps.rows(performance).orElse(null);
        if (copy == null || rows == null || !copy.edition().equals(rows.edition())) {
            return Optional.empty();
        }
        List<String> differences = new ArrayList<>();
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
