package dev.onsale.command.reservation;

import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.reservation.CallOffReservation;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.ConfirmReservation;
import dev.onsale.api.reservation.ExpireReservation;
import dev.onsale.api.reservation.FailPayment;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.HoldBestSeats;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.LatePaymentRejected;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.RequestPayment;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.reservation.RevokeBooking;
import dev.onsale.api.seat.CheckInTicket;
import dev.onsale.api.seat.TicketCheckedIn;
import dev.onsale.command.performance.Performance;
import dev.onsale.command.performance.PerformanceCommandHandler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the seats, reservations and allowances of one performance. Each handler makes all checks before it applies events,
 * so that a refusal changes nothing. All commands of a performance have one writer, so nothing changes between check and event.
 */
public class ReservationCommandHandler {

    private final PerformanceCommandHandler performances;
    private final SaleAggregates aggregates;
    private final HoldDecider holds;
    private final Duration paymentWindow;
    private final Clock clock;

    ReservationCommandHandler(
            PerformanceCommandHandler performances,
            SaleAggregates aggregates,
            HoldDecider holds,
            Duration paymentWindow,
            Clock clock) {
        this.performances = performances;
        this.aggregates = aggregates;
        this.holds = holds;
        this.paymentWindow = paymentWindow;
        this.clock = clock;
    }

    @CommandHandler
    ReservationHeld handle(HoldSeats command) {
        return hold(
                command.performanceId(),
                command.reservationId(),
                earlier -> earlier.earlierAnswerTo(command),
                (performance, now) -> holds.hold(command, performance, now));
    }

    @CommandHandler
    ReservationHeld handle(HoldBestSeats command) {
        return hold(
                command.performanceId(),
                command.reservationId(),
                earlier -> earlier.earlierAnswerTo(command),
                (performance, now) -> holds.hold(command, performance, now));
    }

    private ReservationHeld hold(
            PerformanceId performanceId,
            ReservationId reservationId,
            Function<Reservation, Optional<ReservationHeld>> earlierAnswer,
            BiFunction<Aggregate<Performance>, Instant, ReservationHeld> decision) {
        Instant now = clock.instant();
        Aggregate<Performance> performance = performances.find(performanceId);
        performance.execute(Performance::required);
        return aggregates.reservation(reservationId).invoke(earlierAnswer).orElseGet(() -> {
            performance.execute(p -> p.requireOnSale(now));
            return decision.apply(performance, now);
        });
    }

    @CommandHandler
    PaymentRequested handle(RequestPayment command) {
        Instant now = clock.instant();
        Aggregate<Reservation> reservation = aggregates.reservation(command.reservationId());
        boolean isCalledOff = performances.find(command.performanceId()).invoke(Performance::isCalledOff);
        try {
            return reservation.invoke(r -> r.requestPayment(command, paymentWindow, isCalledOff, now));
        } catch (RefusedException refused) {
            if (refused.code() == RefusalCode.HOLD_EXPIRED) {
                requireNewestTokens(command.performanceId(), reservation.invoke(Reservation::seats));
            }
            throw refused;
        }
    }

    /** A client that was away for the whole hold learns whether somebody else has held the seats since. */
    private void requireNewestTokens(PerformanceId performance, List<HeldSeat> seats) {
        for (HeldSeat held : seats) {
            boolean newer = aggregates
                    .seat(new SeatId(performance, held.seat()))
                    .invoke(seat -> seat.hasNewerTokenThan(held.fencingToken()));
            if (newer) {
                throw new RefusedException(
                        RefusalCode.STALE_FENCING_TOKEN,
                        "The hold has ended and a newer one carried a newer token for seat " + held.seat());
            }
        }
    }

    @CommandHandler
    ReservationEvent handle(ConfirmReservation command) {
        Instant now = clock.instant();
        Aggregate<Reservation> reservation = aggregates.reservation(command.reservationId());
        ReservationConfirmed earlier = reservation.invoke(
                r -> r.earlierConfirmation(command.paymentId()).orElse(null));
        if (earlier != null) {
            return earlier;
        }
        LatePaymentRejected rejected =
                reservation.invoke(r -> r.earlierRejection(command.paymentId()).orElse(null));
        if (rejected != null) {
            return rejected;
        }
        reservation.execute(r -> r.required(command.performanceId()));
        ReservationHeld held = reservation.invoke(Reservation::current);
        performances.find(command.performanceId()).execute(Performance::requireNotCalledOff);
        if (reservation.invoke(r -> r.expiredUnder(command.paymentId()))) {
            String obstacle = obstacleToSeatingAgain(held);
            if (obstacle != null) {
                return reservation.invoke(r -> r.rejectLate(command.paymentId(), obstacle, now));
            }
            seatAgain(reservation, held, command.paymentId(), now);
        }
        reservation.execute(r -> r.requireConfirmable(command.performanceId(), command.paymentId()));
        ReservationHeld facts = withSeats(held, reservation.invoke(Reservation::seats), held.heldUntil());
        for (HeldSeat seat : facts.seats()) {
            boolean current =
                    aggregates.seat(facts, seat).invoke(s -> s.isHeldBy(facts.reservationId(), seat.fencingToken()));
            if (!current) {
                throw new RefusedException(RefusalCode.STALE_FENCING_TOKEN, "A newer hold has seat " + seat.seat());
            }
        }
        aggregates.book(facts, now);
        return reservation.invoke(r -> r.confirm(command.paymentId(), now));
    }

    /** Why a late payment cannot get its seats; {@code null} if it can. */
    private @Nullable String obstacleToSeatingAgain(ReservationHeld facts) {
        for (HeldSeat held : facts.seats()) {
            if (aggregates.seat(facts, held).invoke(Seat::holderOrOwner).isPresent()) {
                return RefusalCode.SEAT_TAKEN.name();
            }
            if (aggregates.seat(facts, held).invoke(Seat::isBlocked)) {
                return RefusalCode.SEAT_BLOCKED.name();
            }
        }
        int inUse = aggregates.allowance(facts).invoke(Allowance::seatsInUse);
        return inUse + facts.seats().size() > seatsMax(facts) ? RefusalCode.ALLOWANCE_EXCEEDED.name() : null;
    }

    /** The seats get new tokens: a token of the expired hold is stale. */
    private void seatAgain(Aggregate<Reservation> reservation, ReservationHeld facts, PaymentId payment, Instant now) {
        List<HeldSeat> again = new ArrayList<>();
        for (HeldSeat held : facts.seats()) {
            long token = aggregates.seat(facts, held).invoke(seat -> seat.nextFencingToken(null));
            again.add(new HeldSeat(held.seat(), held.category(), held.price(), token));
        }
        aggregates.hold(withSeats(facts, again, now), seatsMax(facts), now);
        reservation.execute(r -> r.acceptLate(payment, again, now));
    }

    private int seatsMax(ReservationHeld facts) {
        return performances
                .find(facts.performanceId())
                .invoke(Performance::required)
                .maxSeatsPerBuyer();
    }

    private static ReservationHeld withSeats(ReservationHeld facts, List<HeldSeat> seats, Instant until) {
        return new ReservationHeld(
                facts.reservationId(),
                facts.performanceId(),
                facts.buyerId(),
                seats,
                facts.total(),
                until,
                facts.heldAt());
    }

    @CommandHandler
    void handle(RevokeBooking command) {
        Instant now = clock.instant();
        Aggregate<Reservation> reservation = aggregates.reservation(command.reservationId());
        reservation.execute(r -> r.required(command.performanceId()));
        if (reservation.invoke(r -> r.isBookedBy(command.paymentId()))) {
            aggregates.giveBack(reservation.invoke(Reservation::current), true, now);
            reservation.execute(r -> r.revoke(command.paymentId(), command.reason(), now));
        }
    }

    @CommandHandler
    TicketCheckedIn handle(CheckInTicket command) {
        return aggregates
                .seat(command.seatId())
                .invoke(seat -> seat.checkIn(
                        command.reservationId(), command.fencingToken(), command.operator(), clock.instant()));
    }

    @CommandHandler
    void handle(FailPayment command) {
        Instant now = clock.instant();
        Aggregate<Reservation> reservation = aggregates.reservation(command.reservationId());
        reservation.execute(r -> r.required(command.performanceId()));
        boolean failed = reservation.invoke(r -> r.failPayment(command.paymentId(), command.reason(), now));
        // The hold's deadline may have passed without effect while the payment was under way.
        if (failed && reservation.invoke(r -> r.hasLapsed(now))) {
            aggregates.expire(command.reservationId(), now);
        }
    }

    @CommandHandler
    void handle(ExpireReservation command) {
        Instant now = clock.instant();
        Aggregate<Reservation> reservation = aggregates.reservation(command.reservationId());
        reservation.execute(r -> r.required(command.performanceId()));
        if (reservation.invoke(r -> r.hasLapsed(now))) {
            aggregates.expire(command.reservationId(), now);
        }
    }

    @CommandHandler
    ReservationEvent handle(CancelReservation command) {
        Instant now = clock.instant();
        Aggregate<Reservation> reservation = aggregates.reservation(command.reservationId());
        reservation.execute(r -> requireMayCancel(r, command));
        Set<SeatLabel> named = CancellationShape.seats(command);
        ReservationEvent earlier =
                reservation.invoke(r -> r.earlierCancellation(named).orElse(null));
        if (earlier != null) {
            return earlier;
        }
        reservation.execute(r -> r.requireCancellable(now));
        List<HeldSeat> gone = reservation.invoke(r -> r.required(named));
        boolean isWhole = gone.size() == reservation.invoke(Reservation::seats).size();
        if (!isWhole) {
            reservation.execute(Reservation::requireNoPaymentInFlight);
        }
        boolean booked = reservation.invoke(Reservation::isConfirmed);
        if (booked && !command.isForBuyer()) {
            performances.find(command.performanceId()).execute(performance -> performance.requireCancellable(now));
            aggregates.requireUnusedTickets(reservation.invoke(r -> r.with(gone)));
        }
        aggregates.giveBack(reservation.invoke(r -> r.with(gone)), booked, now);
        return isWhole
                ? reservation.invoke(
                        r -> r.cancel(command.isForBuyer() ? command.operator() : null, command.reason(), now))
                : reservation.invoke(r -> r.cancelPart(command, gone, now));
    }

    private static void requireMayCancel(Reservation reservation, CancelReservation command) {
        boolean isOwn = reservation.required(command.performanceId()).buyerId().equals(command.buyerId());
        if (command.operator() == null) {
            reservation.requiredOf(command.buyerId(), command.performanceId());
        } else if (!isOwn || command.isForBuyer()) {
            CancellationShape.requireReason(command);
        }
    }

    @CommandHandler
    ReservationEvent handle(CallOffReservation command) {
        Instant now = clock.instant();
        performances.find(command.performanceId()).execute(Performance::requireCalledOff);
        Aggregate<Reservation> reservation = aggregates.reservation(command.reservationId());
        reservation.execute(r -> r.required(command.performanceId()));
        ReservationHeld current = reservation.invoke(Reservation::current);
        return reservation.invoke(r -> r.callOff(booked -> aggregates.giveBack(current, booked, now), now));
    }
}
