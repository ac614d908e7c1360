package dev.onsale.query.hall;

import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.SeatingPlan;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The seats of one performance in the order of its plan, and the plan as JSON. */
public final class Hall {

    /** A label with its place in list and map, without its characters. */
    private static final int SEAT_BYTES = 150;

    private final byte[] planJson;
    private final List<SeatLabel> seats;
    private final BitSet notForSale = new BitSet();
    private final Map<SeatLabel, Integer> indexOf;

    Hall(byte[] planJson, SeatingPlan plan) {
        this.planJson = planJson;
        List<SeatingPlan.Seat> all = plan.seats().toList();
        this.seats = all.stream().map(SeatingPlan.Seat::label).toList();
        for (int index = 0; index < all.size(); index++) {
            notForSale.set(index, !plan.offers(all.get(index)));
        }
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

    /** The places, from 0, of the seats whose category has no price; not to be changed. */
    public BitSet notForSale() {
        return notForSale;
    }

    public int size() {
        return seats.size();
    }

    /** Estimate of the heap it takes. */
    int bytes() {
        long labels = seats.stream()
                .mapToLong(seat -> SEAT_BYTES + 2L * seat.value().length())
                .sum();
        return (int) Math.min(planJson.length + labels, Integer.MAX_VALUE);
    }

    /** The place of a seat in the plan, from 0; {@code null} if the hall has no such seat. */
    public @Nullable Integer indexOf(SeatLabel seat) {
        return indexOf.get(seat);
    }
}
