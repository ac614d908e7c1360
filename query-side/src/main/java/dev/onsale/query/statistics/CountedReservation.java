package dev.onsale.query.statistics;

import dev.onsale.api.Money;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.query.consumption.GuardedUpsert;
import dev.onsale.query.consumption.VersionedRow;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import org.hibernate.annotations.Immutable;

/** What the counters know of one reservation. */
@Entity
@Immutable
@Table(name = "counted_reservation")
class CountedReservation extends VersionedRow {

    static final GuardedUpsert<CountedReservation> UPSERT = new GuardedUpsert<>(
            "counted_reservation",
            "log_position",
            List.of(
                    "reservation_id",
                    "performance_id",
                    "seats",
                    "value_minor_units",
                    "currency",
                    "booked",
                    "aggregate_sequence"),
            CountedReservation::values);

    @Id
    @Column(name = "reservation_id")
    private String reservationId;

    @Column(name = "performance_id")
    private String performanceId;

    @Column(name = "seats")
    private int seats;

    @Column(name = "value_minor_units")
    private long valueMinorUnits;

    @Column(name = "currency")
    private String currency;

    @Column(name = "booked")
    private boolean booked;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    protected CountedReservation() {}

    CountedReservation(ReservationHeld held) {
        reservationId = held.reservationId().toString();
        performanceId = held.performanceId().toString();
        seats = held.seats().size();
        valueMinorUnits = held.total().minorUnits();
        currency = held.total().currency().getCurrencyCode();
    }

    void book(ReservationConfirmed confirmed) {
        seats = confirmed.seats().size();
        valueMinorUnits = confirmed.total().minorUnits();
        currency = confirmed.total().currency().getCurrencyCode();
        booked = true;
    }

    void giveBack() {
        booked = false;
    }

    String reservationId() {
        return reservationId;
    }

    int seats() {
        return seats;
    }

    Money value() {
        return Money.of(valueMinorUnits, currency);
    }

    boolean isBooked() {
        return booked;
    }

    private Object[] values() {
        return new Object[] {
            reservationId, performanceId, seats, valueMinorUnits, currency, booked, sequence(), position()
        };
    }
}
