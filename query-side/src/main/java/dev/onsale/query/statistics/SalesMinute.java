package dev.onsale.query.statistics;

import dev.onsale.api.Money;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** What happened to one performance's seats within one minute. Counters only grow, so that the greater is the newer. */
@Entity
@Immutable
@IdClass(MinuteKey.class)
@Table(name = "sales_minute")
class SalesMinute {

    @Id
    private String performanceId;

    @Id
    private String minute;

    private int seatsHeld;

    private int seatsBooked;

    private int seatsGivenUp;

    private int seatsReturned;

    private int reservationsBooked;

    private long bookedMinorUnits;

    private long returnedMinorUnits;

    private @Nullable String currency;

    @SuppressWarnings("UnusedVariable") // Written by the declaration of the table.
    private long facts;

    @Column(name = "log_position")
    private long position;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    protected SalesMinute() {}

    SalesMinute(MinuteKey key) {
        performanceId = key.performanceId();
        minute = key.minute();
    }

    void at(long newest) {
        facts++;
        position = Math.max(position, newest);
    }

    void held(int seats) {
        seatsHeld += seats;
    }

    void booked(int seats, Money value) {
        seatsBooked += seats;
        reservationsBooked++;
        bookedMinorUnits += value.minorUnits();
        currency = value.currency().getCurrencyCode();
    }

    /** They were held and not booked. */
    void givenUp(int seats) {
        seatsGivenUp += seats;
    }

    /** They were booked. */
    void returned(int seats, Money value) {
        seatsReturned += seats;
        returnedMinorUnits += value.minorUnits();
        currency = value.currency().getCurrencyCode();
    }

    MinuteKey key() {
        return new MinuteKey(performanceId, minute);
    }

    SalesController.Minute view() {
        return new SalesController.Minute(
                Instant.parse(minute),
                seatsHeld,
                seatsBooked,
                seatsGivenUp,
                seatsReturned,
                reservationsBooked,
                currency == null ? null : Money.of(bookedMinorUnits, currency),
                currency == null ? null : Money.of(returnedMinorUnits, currency));
    }

    int seatsBooked() {
        return seatsBooked;
    }
}
