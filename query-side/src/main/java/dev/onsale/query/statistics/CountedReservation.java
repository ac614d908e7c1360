package dev.onsale.query.statistics;

import dev.onsale.api.Money;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.reservation.ReservationPartlyCancelled;
import dev.onsale.query.readmodel.VersionedRow;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** What the counters know of one reservation. */
@Entity
@Immutable
@Table(name = "counted_reservation")
class CountedReservation extends VersionedRow {

    @Id
    private String reservationId;

    @SuppressWarnings("UnusedVariable") // Written by the declaration of the table.
    private String performanceId;

    private int seats;

    private long valueMinorUnits;

    private String currency;

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

    void shrink(ReservationPartlyCancelled part) {
        seats -= part.seats().size();
        valueMinorUnits = part.total().minorUnits();
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
}
