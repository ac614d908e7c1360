package dev.onsale.command.reservation;

import dev.onsale.api.AllowanceId;
import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.ConfirmReservation;
import dev.onsale.api.reservation.ExpireReservation;
import dev.onsale.api.reservation.FailPayment;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.RequestPayment;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.reservation.SeatClaim;
import dev.onsale.command.bus.Repositories;
import dev.onsale.command.performance.Performance;
import dev.onsale.command.performance.Performances;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.Repository;

/**
 * Decides about the seats, reservations and allowances of one performance. Each handler first asks everything that could
 * refuse and only then applies facts, so that a refusal leaves no trace: all of them share the performance as routing key
 * and so have one writer, and nothing can change in between.
 */
public class Reservations {

    private final Performances performances;
    private final Repository<Seat> seats;
    private final Repository<Reservation> reservations;
    private final Repository<Allowance> allowances;
    private final Duration paymentWindow;
    private final Clock clock;

    Reservations(
            Performances performances,
            Repository<Seat> seats,
            Repository<Reservation> reservations,
            Repository<Allowance> allowances,
            Duration paymentWindow,
            Clock clock) {
        this.performances = performances;
        this.seats = seats;
        this.reservations = reservations;
        this.allowances = allowances;
        this.paymentWindow = paymentWindow;
        this.clock = clock;
    }

    @CommandHandler
    ReservationHeld handle(HoldSeats command) {
        Instant now = clock.instant();
        Aggregate<Performance> performance = performances.find(command.performanceId());
        PerformanceScheduled sale = performance.invoke(Performance::required);
        Aggregate<Reservation> reservation = reservation(command.reservationId());
        ReservationHeld earlier =
                reservation.invoke(r -> r.earlierAnswerTo(command).orElse(null));
        if (earlier != null) {
            return earlier;
        }
        performance.execute(p -> p.requireOnSale(now));
        requireShape(command, sale);
        AllowanceId allowanceId = new AllowanceId(command.performanceId(), command.buyerId());
        Aggregate<Allowance> allowance = allowance(allowanceId);

        Set<ReservationId> lapsed = new LinkedHashSet<>();
        Map<SeatId, Aggregate<Seat>> wanted = new LinkedHashMap<>();
        List<HeldSeat> held = new ArrayList<>();
        for (SeatClaim claim : command.seats()) {
            PriceZone zone = performance.invoke(p -> p.priceOf(claim.seat()));
            SeatId seatId = new SeatId(command.performanceId(), claim.seat());
            Aggregate<Seat> seat = seat(seatId);
            wanted.put(seatId, seat);
            seat.invoke(Seat::holderOrOwner).ifPresent(other -> {
                requireLapsed(seatId, seat, other, now);
                lapsed.add(other);
            });
            long token = seat.invoke(s -> s.nextFencingToken(seatId, claim.fencingToken()));
            held.add(new HeldSeat(claim.seat(), zone.category(), zone.price(), token));
        }
        int seatsOfOwnLapsedHolds = seatsOf(lapsed, command.buyerId());
        allowance.execute(a -> a.requireRoomFor(held.size() - seatsOfOwnLapsedHolds, sale.maxSeatsPerBuyer()));

        // From here on nothing refuses. Lapsed holds are taken back here as well as by the timer: whoever comes first.
        lapsed.forEach(other -> expire(other, now));
        Instant until = now.plus(sale.holdDuration());
        int index = 0;
        for (Map.Entry<SeatId, Aggregate<Seat>> entry : wanted.entrySet()) {
            long token = held.get(index++).fencingToken();
            entry.getValue()
                    .execute(
                            s -> s.hold(entry.getKey(), command.reservationId(), command.buyerId(), token, until, now));
        }
        allowance.execute(a -> a.use(allowanceId, command.reservationId(), held.size(), sale.maxSeatsPerBuyer(), now));
        ReservationHeld fact = new ReservationHeld(
                command.reservationId(), command.performanceId(), command.buyerId(), held, total(held), until, now);
        reservation.execute(r -> r.hold(fact));
        return fact;
    }

    @CommandHandler
    PaymentRequested handle(RequestPayment command) {
        return reservation(command.reservationId())
                .invoke(r -> r.requestPayment(command, paymentWindow, clock.instant()));
    }

    @CommandHandler
    ReservationConfirmed handle(ConfirmReservation command) {
        Instant now = clock.instant();
        Aggregate<Reservation> reservation = reservation(command.reservationId());
        ReservationConfirmed earlier = reservation.invoke(
                r -> r.earlierConfirmation(command.paymentId()).orElse(null));
        if (earlier != null) {
            return earlier;
        }
        reservation.execute(r -> r.requireConfirmable(command.performanceId(), command.paymentId()));
        ReservationHeld facts = reservation.invoke(r -> r.required(command.performanceId()));
        for (HeldSeat held : facts.seats()) {
            boolean current = seat(new SeatId(facts.performanceId(), held.seat()))
                    .invoke(s -> s.isHeldBy(facts.reservationId(), held.fencingToken()));
            if (!current) {
                throw new RefusedException(RefusalCode.STALE_FENCING_TOKEN, "A newer hold has seat " + held.seat());
            }
        }
        for (HeldSeat held : facts.seats()) {
            SeatId seatId = new SeatId(facts.performanceId(), held.seat());
            seat(seatId).execute(s -> s.book(seatId, facts.reservationId(), facts.buyerId(), held.fencingToken(), now));
        }
        return reservation.invoke(r -> r.confirm(command.paymentId(), now));
    }

    @CommandHandler
    void handle(FailPayment command) {
        Instant now = clock.instant();
        Aggregate<Reservation> reservation = reservation(command.reservationId());
        reservation.execute(r -> r.required(command.performanceId()));
        boolean failed = reservation.invoke(r -> r.failPayment(command.paymentId(), command.reason(), now));
        // The hold's own deadline may have passed, without effect, while the payment was in flight.
        if (failed && reservation.invoke(r -> r.hasLapsed(now))) {
            expire(command.reservationId(), now);
        }
    }

    @CommandHandler
    void handle(ExpireReservation command) {
        Instant now = clock.instant();
        Aggregate<Reservation> reservation = reservation(command.reservationId());
        reservation.execute(r -> r.required(command.performanceId()));
        if (reservation.invoke(r -> r.hasLapsed(now))) {
            expire(command.reservationId(), now);
        }
    }

    @CommandHandler
    ReservationCancelled handle(CancelReservation command) {
        Instant now = clock.instant();
        Aggregate<Reservation> reservation = reservation(command.reservationId());
        ReservationHeld facts = reservation.invoke(r -> r.requiredOf(command.buyerId(), command.performanceId()));
        ReservationCancelled earlier =
                reservation.invoke(r -> r.earlierCancellation().orElse(null));
        if (earlier != null) {
            return earlier;
        }
        reservation.execute(r -> r.requireCancellable(now));
        boolean booked = reservation.invoke(Reservation::isConfirmed);
        for (HeldSeat held : facts.seats()) {
            SeatId seatId = new SeatId(facts.performanceId(), held.seat());
            seat(seatId).execute(s -> {
                if (booked) {
                    s.free(seatId, facts.reservationId(), now);
                } else {
                    s.release(seatId, facts.reservationId(), now);
                }
            });
        }
        giveBackAllowance(facts, now);
        return reservation.invoke(r -> r.cancel(now));
    }

    private void expire(ReservationId id, Instant now) {
        Aggregate<Reservation> reservation = reservation(id);
        ReservationHeld facts = reservation.invoke(Reservation::facts);
        for (HeldSeat held : facts.seats()) {
            SeatId seatId = new SeatId(facts.performanceId(), held.seat());
            seat(seatId).execute(s -> s.expire(seatId, id, now));
        }
        giveBackAllowance(facts, now);
        reservation.execute(r -> r.expire(now));
    }

    private void giveBackAllowance(ReservationHeld facts, Instant now) {
        AllowanceId allowanceId = new AllowanceId(facts.performanceId(), facts.buyerId());
        allowance(allowanceId).execute(a -> a.giveBack(allowanceId, facts.reservationId(), now));
    }

    private void requireLapsed(SeatId seatId, Aggregate<Seat> seat, ReservationId other, Instant now) {
        boolean lapsed = !seat.invoke(Seat::isBooked) && reservation(other).invoke(r -> r.hasLapsed(now));
        if (!lapsed) {
            throw new RefusedException(RefusalCode.SEAT_TAKEN, "Seat " + seatId.seat() + " is taken");
        }
    }

    private int seatsOf(Set<ReservationId> lapsed, BuyerId buyer) {
        return lapsed.stream()
                .map(id -> reservation(id).invoke(Reservation::facts))
                .filter(facts -> facts.buyerId().equals(buyer))
                .mapToInt(facts -> facts.seats().size())
                .sum();
    }

    private static void requireShape(HoldSeats command, PerformanceScheduled sale) {
        if (command.seats().isEmpty()) {
            throw new RefusedException(RefusalCode.INVALID_REQUEST, "Name at least one seat");
        }
        Set<SeatLabel> labels = new HashSet<>();
        for (SeatClaim claim : command.seats()) {
            if (!labels.add(claim.seat())) {
                throw new RefusedException(RefusalCode.DUPLICATE_SEAT, "Seat " + claim.seat() + " is named twice");
            }
        }
        if (command.seats().size() > sale.maxSeatsPerBuyer()) {
            throw new RefusedException(
                    RefusalCode.TOO_MANY_SEATS, "A reservation has at most " + sale.maxSeatsPerBuyer() + " seats");
        }
    }

    private static Money total(List<HeldSeat> seats) {
        return seats.stream()
                .map(HeldSeat::price)
                .reduce(Money::plus)
                .orElseThrow(() -> new IllegalStateException("A reservation has at least one seat"));
    }

    private Aggregate<Seat> seat(SeatId id) {
        return Repositories.loadOrCreate(seats, id.toString(), () -> new Seat(id));
    }

    private Aggregate<Reservation> reservation(ReservationId id) {
        return Repositories.loadOrCreate(reservations, id.toString(), () -> new Reservation(id));
    }

    private Aggregate<Allowance> allowance(AllowanceId id) {
        return Repositories.loadOrCreate(allowances, id.toString(), () -> new Allowance(id));
    }
}
