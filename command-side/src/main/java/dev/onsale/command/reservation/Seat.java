package dev.onsale.command.reservation;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.seat.SeatBooked;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.api.seat.SeatFreed;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.api.seat.SeatHoldExpired;
import dev.onsale.api.seat.SeatReleased;
import dev.onsale.command.reservation.SeatState.Available;
import dev.onsale.command.reservation.SeatState.Booked;
import dev.onsale.command.reservation.SeatState.Held;
import java.time.Instant;
import java.util.Optional;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** One numbered seat of one performance. It comes to life with its first hold. */
@Aggregate(type = "Seat")
class Seat {

    @AggregateIdentifier
    @Nullable
    String id;

    private SeatState state = new Available();
    private long lastFencingToken;

    protected Seat() {
        // Axon makes the aggregate and replays its facts.
    }

    Seat(SeatId id) {
        this.id = id.toString();
    }

    /** Who has the seat now, whether or not the hold's time is over. */
    Optional<ReservationId> holderOrOwner() {
        return switch (state) {
            case Available available -> Optional.empty();
            case Held held -> Optional.of(held.by());
            case Booked booked -> Optional.of(booked.by());
        };
    }

    boolean isBooked() {
        return state instanceof Booked;
    }

    /** The token that a hold with the guard's token, or with none because the guard was away, would carry. */
    long nextFencingToken(SeatId seat, @Nullable Long guardsToken) {
        if (guardsToken == null) {
            return lastFencingToken + 1;
        }
        if (guardsToken <= lastFencingToken) {
            throw new RefusedException(
                    RefusalCode.STALE_FENCING_TOKEN,
                    "The guard's token for seat " + seat.seat() + " is older than the seat's own; try again");
        }
        return guardsToken;
    }

    void hold(SeatId seat, ReservationId by, BuyerId buyer, long fencingToken, Instant until, Instant now) {
        if (!(state instanceof Available)) {
            throw RefusedException.seatTaken(seat.seat());
        }
        if (fencingToken <= lastFencingToken) {
            throw new RefusedException(
                    RefusalCode.STALE_FENCING_TOKEN, "A newer token was used for seat " + seat.seat());
        }
        apply(new SeatHeld(seat, by, buyer, fencingToken, until, now));
    }

    boolean hasNewerTokenThan(long fencingToken) {
        return lastFencingToken > fencingToken;
    }

    /** Whether this reservation's hold, fenced by this token, is the one that counts. */
    boolean isHeldBy(ReservationId reservation, long fencingToken) {
        return state instanceof Held held
                && held.by().equals(reservation)
                && held.fencingToken() == fencingToken
                && fencingToken == lastFencingToken;
    }

    void book(SeatId seat, ReservationId by, BuyerId buyer, long fencingToken, Instant now) {
        if (!isHeldBy(by, fencingToken)) {
            throw new RefusedException(RefusalCode.STALE_FENCING_TOKEN, "A newer hold has seat " + seat.seat());
        }
        apply(new SeatBooked(seat, by, buyer, fencingToken, now));
    }

    void release(SeatId seat, ReservationId by, Instant now) {
        if (state instanceof Held held && held.by().equals(by)) {
            apply(new SeatReleased(seat, by, now));
        }
    }

    void expire(SeatId seat, ReservationId by, Instant now) {
        if (state instanceof Held held && held.by().equals(by)) {
            apply(new SeatHoldExpired(seat, by, now));
        }
    }

    void free(SeatId seat, ReservationId by, Instant now) {
        if (state instanceof Booked booked && booked.by().equals(by)) {
            apply(new SeatFreed(seat, by, now));
        }
    }

    @EventSourcingHandler
    void on(SeatEvent event) {
        id = event.seatId().toString();
        switch (event) {
            case SeatHeld held -> {
                state = new Held(held.reservationId(), held.fencingToken(), held.heldUntil());
                lastFencingToken = held.fencingToken();
            }
            case SeatBooked booked -> state = new Booked(booked.reservationId());
            case SeatReleased released -> state = new Available();
            case SeatHoldExpired expired -> state = new Available();
            case SeatFreed freed -> state = new Available();
        }
    }
}
