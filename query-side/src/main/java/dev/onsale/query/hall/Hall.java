package dev.onsale.query.hall;

import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.SeatingPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The seats of one performance in the order of its plan, and the plan as JSON. */
public final class Hall {

    private final byte[] planJson;
    private final List<SeatLabel> seats;
    private final Map<SeatLabel, Integer> indexOf;

    Hall(byte[] planJson, SeatingPlan plan) {
        this.planJson = planJson;
        this.seats = plan.zones().stream()
                .flatMap(zone -> zone.rows().stream())
                .flatMap(row -> row.seats().stream())
                .map(SeatingPlan.Seat::label)
                .toList();
        this.indexOf = HashMap.newHashMap(seats.size());
        for (int index = 0; index < seats.size(); index++) {
            indexOf.put(seats.get(index), index);
        }
    }

    byte[] planJson() {
        return planJson;
    }

    public List<SeatLabel> seats() {
        return seats;
    }

    public int size() {
        return seats.size();
    }

    /** The place of a seat in the plan, from 0; {@code null} if the hall has no such seat. */
    public @Nullable Integer indexOf(SeatLabel seat) {
        return indexOf.get(seat);
    }
}
