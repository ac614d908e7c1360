package dev.onsale.command.reservation;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OperatorId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.seat.SeatBlocked;
import dev.onsale.api.seat.SeatBooked;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.api.seat.SeatFreed;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.api.seat.SeatHoldExpired;
import dev.onsale.api.seat.SeatReleased;
import dev.onsale.api.seat.SeatUnblocked;
import dev.onsale.api.seat.TicketCheckedIn;
import dev.onsale.command.reservation.SeatState.Available;
import dev.onsale.command.reservation.SeatState.Blocked;
import dev.onsale.command.reservation.SeatState.Booked;
import dev.onsale.command.reservation.SeatState.Held;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** One numbered seat of one performance. Its first event is its first hold. */
@Aggregate(type = "Seat")
class Seat {

    @AggregateIdentifier
    private @Nullable SeatId id;

    private SeatState state = new Available();
    private long lastFencingToken;

    protected Seat() {
        // For Axon, which replays the events.
    }

    Seat(SeatId id) {
        this.id = id;
    }

    private SeatId id() {
        return Objects.requireNonNull(id);
    }

    /** The reservation that has the seat, also if its hold has expired. */
    Optional<ReservationId> holderOrOwner() {
        return switch (state) {
            case Available available -> Optional.empty();
            case Held held -> Optional.of(held.by());
            case Booked booked -> Optional.of(booked.by());
            case Blocked blocked -> Optional.empty();
        };
    }

    boolean isBooked() {
        return state instanceof Booked;
    }

    boolean isBlocked() {
        return state instanceof Blocked;
    }

    /**
     * @throws RefusedException with {@code SEAT_BLOCKED}
     */
    void requireNotBlocked() {
        if (isBlocked()) {
            throw RefusedException.seatBlocked(id().seat());
        }
    }

    void block(Instant now) {
        if (!(state instanceof Available)) {
            throw new IllegalStateException("Only a free seat is blocked, not " + id());
        }
        apply(new SeatBlocked(id(), lastFencingToken, now));
    }

    void unblock(Instant now) {
        if (isBlocked()) {
            apply(new SeatUnblocked(id(), lastFencingToken, now));
        }
    }

    /** The fencing token of the next hold.
     *
     * @param guardsToken of the guard; absent if it was away
     */
    long nextFencingToken(@Nullable Long guardsToken) {
        if (guardsToken == null) {
            return lastFencingToken + 1;
        }
        if (guardsToken <= lastFencingToken) {
            throw new RefusedException(
                    RefusalCode.STALE_FENCING_TOKEN,
                    "The guard's token for seat " + id().seat() + " is older than the seat's own; try again");
        }
        return guardsToken;
    }

    void hold(ReservationId by, BuyerId buyer, long fencingToken, Instant until, Instant now) {
        if (!(state instanceof Available)) {
            throw RefusedException.seatTaken(id().seat());
        }
        if (fencingToken <= lastFencingToken) {
            throw new RefusedException(
                    RefusalCode.STALE_FENCING_TOKEN, "A newer token was used for seat " + id().seat());
        }
        apply(new SeatHeld(id(), by, buyer, fencingToken, until, now));
    }

    boolean hasNewerTokenThan(long fencingToken) {
        return lastFencingToken > fencingToken;
    }

    /** Whether the seat is held by this reservation with this token. */
    boolean isHeldBy(ReservationId reservation, long fencingToken) {
        return state instanceof Held held
                && held.by().equals(reservation)
                && held.fencingToken() == fencingToken
                && fencingToken == lastFencingToken;
    }

    void book(ReservationId by, BuyerId buyer, long fencingToken, Instant now) {
        if (!isHeldBy(by, fencingToken)) {
            throw new RefusedException(RefusalCode.STALE_FENCING_TOKEN, "A newer hold has seat " + id().seat());
        }
        apply(new SeatBooked(id(), by, buyer, fencingToken, now));
    }

    /** The ticket of the booking with this token is used.
     *
     * @throws RefusedException with {@code TICKET_VOID} or {@code TICKET_USED}
     */
    TicketCheckedIn checkIn(ReservationId by, long fencingToken, OperatorId operator, Instant now) {
        if (!(state instanceof Booked booked) || !booked.by().equals(by) || booked.fencingToken() != fencingToken) {
            throw new RefusedException(
                    RefusalCode.TICKET_VOID, "The booking of seat " + id().seat() + " was cancelled or changed");
        }
        requireUnused();
        TicketCheckedIn fact = new TicketCheckedIn(id(), by, booked.buyer(), fencingToken, operator, now);
        apply(fact);
        return fact;
    }

    /**
     * @throws RefusedException with {@code TICKET_USED}
     */
    void requireUnused() {
        if (state instanceof Booked booked && booked.checkedInAt() != null) {
            throw RefusedException.ticketUsed(id().seat(), booked.checkedInAt());
        }
    }

    void release(ReservationId by, Instant now) {
        if (state instanceof Held held && held.by().equals(by)) {
            apply(new SeatReleased(id(), by, now));
        }
    }

    void expire(ReservationId by, Instant now) {
        if (state instanceof Held held && held.by().equals(by)) {
            apply(new SeatHoldExpired(id(), by, now));
        }
    }

    void free(ReservationId by, Instant now) {
        if (state instanceof Booked booked && booked.by().equals(by)) {
            apply(new SeatFreed(id(), by, now));
        }
    }

    @EventSourcingHandler
    void on(SeatEvent event) {
        id = event.seatId();
        switch (event) {
            case SeatHeld held -> {
                state = new Held(held.reservationId(), held.fencingToken(), held.heldUntil());
                lastFencingToken = held.fencingToken();
            }
            case SeatBooked booked ->
                state = new Booked(booked.reservationId(), booked.buyerId(), booked.fencingToken(), null);
            case TicketCheckedIn used ->
                state = new Booked(used.reservationId(), used.buyerId(), used.fencingToken(), used.checkedInAt());
            case SeatReleased released -> state = new Available();
            case SeatHoldExpired expired -> state = new Available();
            case SeatFreed freed -> state = new Available();
            case SeatBlocked blocked -> state = new Blocked();
            case SeatUnblocked unblocked -> state = new Available();
        }
    }
}
