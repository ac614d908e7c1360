package dev.onsale.command.reservation;

import dev.onsale.api.AllowanceId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.command.bus.RepositoryAccess;
import dev.onsale.command.seating.FreeSeatsIndex;
import java.time.Instant;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.Repository;

/** Seats, reservations and allowances, and what changes several of them together. Whatever changes a seat tells the free seats. */
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

    void hold(ReservationHeld fact) {
        for (HeldSeat held : fact.seats()) {
            SeatId id = new SeatId(fact.performanceId(), held.seat());
            seat(id).execute(s -> s.hold(
                    id, fact.reservationId(), fact.buyerId(), held.fencingToken(), fact.heldUntil(), fact.heldAt()));
            freeSeats.held(id, fact.heldUntil());
        }
    }

    void book(ReservationHeld facts, Instant now) {
        for (HeldSeat held : facts.seats()) {
            SeatId id = new SeatId(facts.performanceId(), held.seat());
            seat(id).execute(s -> s.book(id, facts.reservationId(), facts.buyerId(), held.fencingToken(), now));
            freeSeats.booked(id);
        }
    }

    void giveBack(ReservationHeld facts, boolean booked, Instant now) {
        for (HeldSeat held : facts.seats()) {
            SeatId id = new SeatId(facts.performanceId(), held.seat());
            seat(id).execute(s -> {
                if (booked) {
                    s.free(id, facts.reservationId(), now);
                } else {
                    s.release(id, facts.reservationId(), now);
                }
            });
            freeSeats.freed(id);
        }
        giveBackAllowance(facts, now);
    }

    void expire(ReservationId reservationId, Instant now) {
        Aggregate<Reservation> reservation = reservation(reservationId);
        ReservationHeld facts = reservation.invoke(Reservation::facts);
        for (HeldSeat held : facts.seats()) {
            SeatId id = new SeatId(facts.performanceId(), held.seat());
            seat(id).execute(s -> s.expire(id, reservationId, now));
            freeSeats.freed(id);
        }
        giveBackAllowance(facts, now);
        reservation.execute(r -> r.expire(now));
    }

    private void giveBackAllowance(ReservationHeld facts, Instant now) {
        PerformanceId performance = facts.performanceId();
        AllowanceId id = new AllowanceId(performance, facts.buyerId());
        allowance(id).execute(a -> a.giveBack(id, facts.reservationId(), now));
    }
}
