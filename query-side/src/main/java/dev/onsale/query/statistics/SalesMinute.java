package dev.onsale.query.statistics;

import dev.onsale.api.Money;
import dev.onsale.query.consumption.GuardedUpsert;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.util.List;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** What happened to one performance's seats within one minute. Counters only grow, so that the greater is the newer. */
@Entity
@Immutable
@IdClass(MinuteKey.class)
@Table(name = "sales_minute")
class SalesMinute {

    static final GuardedUpsert<SalesMinute> UPSERT = new GuardedUpsert<>(
            "sales_minute",
            "facts",
            List.of(
                    "performance_id",
                    "minute",
                    "seats_held",
                    "seats_booked",
                    "seats_given_up",
                    "seats_returned",
                    "reservations_booked",
                    "booked_minor_units",
                    "returned_minor_units",
                    "currency",
                    "log_position"),
            SalesMinute::values);

    @Id
    @Column(name = "performance_id")
    private String performanceId;

    @Id
    @Column(name = "minute")
    private String minute;

    @Column(name = "seats_held")
    private int seatsHeld;

    @Column(name = "seats_booked")
    private int seatsBooked;

    @Column(name = "seats_given_up")
    private int seatsGivenUp;

    @Column(name = "seats_returned")
    private int seatsReturned;

    @Column(name = "reservations_booked")
    private int reservationsBooked;

    @Column(name = "booked_minor_units")
    private long bookedMinorUnits;

    @Column(name = "returned_minor_units")
    private long returnedMinorUnits;

    @Column(name = "currency")
    private @Nullable String currency;

    @Column(name = "facts")
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

    int seatsBooked() {
        return seatsBooked;
    }

    private @Nullable Object[] values() {
        return new @Nullable Object[] {
            performanceId,
            minute,
            seatsHeld,
            seatsBooked,
            seatsGivenUp,
            seatsReturned,
            reservationsBooked,
            bookedMinorUnits,
            returnedMinorUnits,
            currency,
            position,
            facts
        };
    }
}
