package dev.onsale.query.seatmap;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.api.view.SeatCounts;
import dev.onsale.api.view.SeatState;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.util.Map;
import org.hibernate.annotations.Immutable;

/** The sums of one performance's seats, and which facts are in them. */
@Entity
@Immutable
@Table(name = "seat_map_view")
public class SeatMapRow {

    @Id
    private String performanceId;

    private int seats;

    private int held;

    private int booked;

    private int blocked;

    private long version;
    private long facts;

    @Transient
    private long factsSinceRead;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    protected SeatMapRow() {}

    SeatMapRow(String performanceId, SeatingPlan plan) {
        this.performanceId = performanceId;
        this.seats = Math.toIntExact(plan.seats().count());
        this.blocked =
                Math.toIntExact(plan.seats().filter(seat -> !plan.offers(seat)).count());
    }

    void move(SeatState from, SeatState to, long position) {
        count(from, -1);
        count(to, 1);
        version = Math.max(version, position);
        facts++;
        factsSinceRead++;
    }

    private void count(SeatState state, int difference) {
        switch (state) {
            case AVAILABLE -> {}
            case BLOCKED -> blocked += difference;
            case HELD -> held += difference;
            case BOOKED -> booked += difference;
        }
    }

    public SeatCounts counts() {
        return new SeatCounts(seats, seats - held - booked - blocked, held, booked, blocked);
    }

    SeatMapVersion edition() {
        return new SeatMapVersion(facts, version);
    }

    /** What was done to the row since it was read. */
    SeatMapChange change(Map<Integer, SeatState> states) {
        return new SeatMapChange(PerformanceId.of(performanceId), facts - factsSinceRead, edition(), states);
    }

    String performanceId() {
        return performanceId;
    }
}
