package dev.onsale.command.reservation;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.onsale.api.AllowanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.allowance.AllowanceEvent;
import dev.onsale.api.allowance.AllowanceReturned;
import dev.onsale.api.allowance.AllowanceUsed;
import dev.onsale.command.bus.MemorySized;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** The number of seats that one buyer holds and owns of one performance. */
@Aggregate(type = "Allowance")
class Allowance implements MemorySized {

    @AggregateIdentifier
    private @Nullable AllowanceId id;

    /** A reservation's id with its entry in the map. */
    private static final int RESERVATION_BYTES = 120;

    private final Map<ReservationId, Integer> seatsByReservation = new HashMap<>();

    protected Allowance() {
        // For Axon, which replays the events.
    }

    Allowance(AllowanceId id) {
        this.id = id;
    }

    @Override
    public long memoryBytes() {
        return (long) RESERVATION_BYTES * seatsByReservation.size();
    }

    int seatsInUse() {
        return seatsByReservation.values().stream().mapToInt(Integer::intValue).sum();
    }

    Set<ReservationId> reservations() {
        return Set.copyOf(seatsByReservation.keySet());
    }

    int seatsOf(ReservationId reservation) {
        return seatsByReservation.getOrDefault(reservation, 0);
    }

    /**
     * @throws RefusedException with {@code ALLOWANCE_EXCEEDED}
     */
    void requireRoomFor(int seats, int seatsMax) {
        if (seatsInUse() + seats > seatsMax) {
            throw new RefusedException(
                    RefusalCode.ALLOWANCE_EXCEEDED,
                    "One person may have " + seatsMax + " seats and you have " + seatsInUse());
        }
    }

    void use(ReservationId reservation, int seats, int seatsMax, Instant now) {
        requireRoomFor(seats, seatsMax);
        AllowanceId allowance = Objects.requireNonNull(id);
        apply(new AllowanceUsed(
                allowance.performanceId(), allowance.buyerId(), reservation, seats, seatsInUse() + seats, now));
    }

    void giveBack(ReservationId reservation, Instant now) {
        giveBack(reservation, seatsOf(reservation), now);
    }

    /** Some seats of a reservation; never more than it took. */
    void giveBack(ReservationId reservation, int returned, Instant now) {
        int seats = Math.min(returned, seatsOf(reservation));
        if (seats > 0) {
            AllowanceId allowance = Objects.requireNonNull(id);
            apply(new AllowanceReturned(
                    allowance.performanceId(), allowance.buyerId(), reservation, seats, seatsInUse() - seats, now));
        }
    }

    @EventSourcingHandler
    void on(AllowanceEvent event) {
        id = new AllowanceId(event.performanceId(), event.buyerId());
        switch (event) {
            case AllowanceUsed used -> seatsByReservation.put(used.reservationId(), used.seats());
            case AllowanceReturned returned ->
                seatsByReservation.computeIfPresent(
                        returned.reservationId(),
                        (reservation, seats) -> seats > returned.seats() ? seats - returned.seats() : null);
        }
    }
}
