package dev.onsale.command.reservation;

import dev.onsale.api.AllowanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.command.bus.RepositoryAccess;
import dev.onsale.command.seating.FreeSeatsIndex;
import java.time.Instant;
import java.util.function.Consumer;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.Repository;

/** Seats, reservations and allowances, and changes of several of them. Each change of a seat updates the free seats. */
final class SaleAggregates {

    private final Repository<Seat> seats;
    private final Repository<Reservation> reservations;
    private final Repository<Allowance> allowances;
    private final FreeSeatsIndex freeSeats;

    SaleAggregates(
            Repository<Seat> seats,
            Repository<Reservation> reservations,
            Repository<Allowance> allowances,
            FreeSeatsIndex freeSeats) {
        this.seats = seats;
        this.reservations = reservations;
        this.allowances = allowances;
        this.freeSeats = freeSeats;
    }

    Aggregate<Seat> seat(SeatId id) {
        return RepositoryAccess.loadOrCreate(seats, id.toString(), () -> new Seat(id));
    }

    Aggregate<Reservation> reservation(ReservationId id) {
        return RepositoryAccess.loadOrCreate(reservations, id.toString(), () -> new Reservation(id));
    }

    Aggregate<Allowance> allowance(AllowanceId id) {
        return RepositoryAccess.loadOrCreate(allowances, id.toString(), () -> new Allowance(id));
    }

    /** A seat of a reservation. */
    Aggregate<Seat> seat(ReservationHeld reservation, HeldSeat seat) {
        return seat(new SeatId(reservation.performanceId(), seat.seat()));
    }

    /** The allowance that a reservation uses. */
    Aggregate<Allowance> allowance(ReservationHeld reservation) {
        return allowance(new AllowanceId(reservation.performanceId(), reservation.buyerId()));
    }

    /**
     * Holds the seats and counts them for the buyer.
     *
     * @param seatsMax of one buyer
     */
    void hold(ReservationHeld fact, int seatsMax, Instant now) {
        for (HeldSeat held : fact.seats()) {
            seat(fact, held)
                    .execute(seat -> seat.hold(
                            fact.reservationId(),
                            fact.buyerId(),
                            held.fencingToken(),
                            fact.heldUntil(),
                            fact.heldAt()));
            freeSeats.held(new SeatId(fact.performanceId(), held.seat()), fact.heldUntil());
        }
        allowance(fact).execute(a -> a.use(fact.reservationId(), fact.seats().size(), seatsMax, now));
    }

    void book(ReservationHeld facts, Instant now) {
        for (HeldSeat held : facts.seats()) {
            seat(facts, held)
                    .execute(seat -> seat.book(facts.reservationId(), facts.buyerId(), held.fencingToken(), now));
            freeSeats.booked(new SeatId(facts.performanceId(), held.seat()));
        }
    }

    /**
     * Whoever is inside keeps the seat.
     *
     * @throws dev.onsale.api.RefusedException with {@code TICKET_USED} if a ticket of the reservation was used
     */
    void requireUnusedTickets(ReservationHeld facts) {
        facts.seats().forEach(held -> seat(facts, held).execute(Seat::requireUnused));
    }

    /**
     * @param facts the reservation with the seats that are given back, all or some
     */
    void giveBack(ReservationHeld facts, boolean booked, Instant now) {
        ReservationId reservation = facts.reservationId();
        giveBack(facts, booked ? seat -> seat.free(reservation, now) : seat -> seat.release(reservation, now), now);
    }

    void expire(ReservationId reservationId, Instant now) {
        Aggregate<Reservation> reservation = reservation(reservationId);
        giveBack(reservation.invoke(Reservation::current), seat -> seat.expire(reservationId, now), now);
        reservation.execute(r -> r.expire(now));
    }

    void block(SeatId id, Instant now) {
        seat(id).execute(seat -> seat.block(now));
        freeSeats.blocked(id);
    }

    void unblock(SeatId id, Instant now) {
        seat(id).execute(seat -> seat.unblock(now));
        freeSeats.freed(id);
    }

    private void giveBack(ReservationHeld facts, Consumer<Seat> change, Instant now) {
        for (HeldSeat held : facts.seats()) {
            seat(facts, held).execute(change);
            freeSeats.freed(new SeatId(facts.performanceId(), held.seat()));
        }
        allowance(facts)
                .execute(a -> a.giveBack(facts.reservationId(), facts.seats().size(), now));
    }
}
