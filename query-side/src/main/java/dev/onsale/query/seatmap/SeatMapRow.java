package dev.onsale.query.seatmap;

import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.api.view.SeatCounts;
import dev.onsale.api.view.SeatState;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** The sums of one performance's seats, and which facts are in them. */
@Entity
@Immutable
@Table(name = "seat_map_view")
public class SeatMapRow {

    @Id
    @Column(name = "performance_id")
    private String performanceId;

    @Column(name = "seats")
    private int seats;

    @Column(name = "held")
    private int held;

    @Column(name = "booked")
    private int booked;

    @Column(name = "blocked")
    private int blocked;

    @Column(name = "version")
    private long version;

    @Column(name = "facts")
    private long facts;

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
    }

    private void count(SeatState state, int difference) {
        switch (state) {
            case AVAILABLE, BLOCKED -> {}
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

    String performanceId() {
        return performanceId;
    }

    int seats() {
        return seats;
    }

    int blocked() {
        return blocked;
    }

    int held() {
        return held;
    }

    int booked() {
        return booked;
    }
}
