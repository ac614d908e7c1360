package dev.onsale.command.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.reservation.CancelReservation;
import dev.onsale.api.reservation.HoldBestSeats;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.reservation.ReservationPartlyCancelled;
import dev.onsale.api.reservation.SeatClaim;
import dev.onsale.command.bus.CommandSender;
import dev.onsale.command.guard.seat.BestSeatsGuard;
import dev.onsale.command.guard.seat.SeatGuard;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Away;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Blocked;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Busy;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Granted;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.LimitReached;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Taken;
import dev.onsale.command.guard.seat.SeatGuard.SeatClaims.Unguarded;
import dev.onsale.command.performance.PerformanceCache;
import dev.onsale.platform.failure.Causes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Holds seats and cancels reservations. A hold passes shape, admission, guard and command. A refused command gives its claims
 * back. One without an answer leaves them to expire, because its seats may be held.
 */
@Component
class HoldService {

    /** Holds that reach the writers at the same time without a guard. More would only queue. */
    private static final int UNGUARDED_HOLDS_MAX = 64;

    private final PerformanceCache sales;
    private final AdmissionCheck admission;
    private final SeatGuard guard;
    private final BestSeatsGuard best;
    private final CommandSender commands;
    private final ReservationIndex index;
    private final Clock clock;
    private final Semaphore unguarded = new Semaphore(UNGUARDED_HOLDS_MAX);

    HoldService(
            PerformanceCache sales,
            AdmissionCheck admission,
            SeatGuard guard,
            BestSeatsGuard best,
            CommandSender commands,
            ReservationIndex index,
            Clock clock) {
        this.sales = sales;
        this.admission = admission;
        this.guard = guard;
        this.best = best;
        this.commands = commands;
        this.index = index;
        this.clock = clock;
    }

    CompletionStage<ReservationHeld> hold(
            ReservationId reservation, PerformanceId performance, BuyerId buyer, List<SeatLabel> seats) {
        return sales.of(performance)
                .thenCompose(sale -> {
                    requireGuarded(sale);
                    sales.requireNotCalledOff(performance);
                    requireForSale(seats, sale);
                    return admission.require(sale, performance, buyer).thenApply(inside -> sale);
                })
                .thenCompose(sale -> claimed(sale, reservation, performance, buyer, seats)
                        .thenApply(held -> remembered(sale, held)));
    }

    private CompletionStage<ReservationHeld> claimed(
            PerformanceCache.Sale sale,
            ReservationId reservation,
            PerformanceId performance,
            BuyerId buyer,
            List<SeatLabel> seats) {
        return guard.claim(
                        new SeatGuard.Request(performance, reservation, buyer, seats, sale.maxSeats(), clock.instant()))
                .thenCompose(claims -> switch (claims) {
                    case Granted granted -> guarded(reservation, performance, buyer, seats, granted.fencingTokens());
                    case Taken taken -> CompletableFuture.failedStage(RefusedException.seatTaken(taken.seat()));
                    case Blocked blocked -> CompletableFuture.failedStage(RefusedException.seatBlocked(blocked.seat()));
                    case LimitReached reached ->
                        refused(
                                RefusalCode.ALLOWANCE_EXCEEDED,
                                "One person may have " + sale.maxSeats() + " seats and you have "
                                        + reached.seatsInUse());
                    case Busy busy ->
                        refused(RefusalCode.OVERLOADED, "Too many want these seats at this instant; try again shortly");
                    case Unguarded unguarded -> decidedBySeats(reservation, performance, buyer, seats);
                    case Away away -> whileAway(reservation, performance, buyer, seats);
                });
    }

    private ReservationHeld remembered(PerformanceCache.Sale sale, ReservationHeld held) {
        index.remember(held);
        admission.held(sale, held);
        return held;
    }

    /** The writer chooses the best seats. The guard of seats learns of them from the log. */
    CompletionStage<ReservationHeld> holdBest(
            ReservationId reservation,
            PerformanceId performance,
            BuyerId buyer,
            int quantity,
            @Nullable String category) {
        return sales.of(performance)
                .thenCompose(sale -> {
                    requireGuarded(sale);
                    sales.requireNotCalledOff(performance);
                    HoldShape.requireBest(quantity, category, sale.maxSeats(), sale.categories()::contains);
                    return admission.require(sale, performance, buyer).thenApply(inside -> sale);
                })
                .thenCompose(sale -> best.passes(performance, reservation, buyer, quantity, category)
                        .thenCompose(passes -> passes
                                ? chosen(new HoldBestSeats(reservation, performance, buyer, quantity, category))
                                : CompletableFuture.failedStage(HoldShape.notEnoughSeats(quantity, category)))
                        .thenApply(held -> remembered(sale, held)));
    }

    private CompletionStage<ReservationHeld> chosen(HoldBestSeats command) {
        return commands.send(command, ReservationHeld.class).whenComplete((held, failure) -> {
            learn(command.performanceId(), failure);
            if (refusalOf(failure) == RefusalCode.NOT_ENOUGH_SEATS) {
                best.refused(command.performanceId(), command.reservationId(), command.quantity(), command.category());
            }
        });
    }

    /** Cancels a reservation or some of its seats, and frees them in the guard before the log does. */
    CompletionStage<ReservationEvent> cancel(Function<PerformanceId, CancelReservation> order, ReservationId id) {
        return index.performanceOf(id)
                .thenCompose(performance -> commands.send(order.apply(performance), ReservationEvent.class))
                .thenCompose(cancelled -> freed(cancelled)
                        .thenCombine(best.freed(cancelled.performanceId()), (freed, offered) -> cancelled));
    }

    private CompletionStage<Void> freed(ReservationEvent cancelled) {
        PerformanceId performance = cancelled.performanceId();
        ReservationId reservation = cancelled.reservationId();
        BuyerId buyer = cancelled.buyerId();
        return switch (cancelled) {
            case ReservationCancelled whole -> guard.freed(performance, reservation, buyer, whole.seats());
            case ReservationPartlyCancelled part -> guard.freedPartly(performance, reservation, buyer, part.seats());
            default -> throw new IllegalStateException(cancelled + " answers no cancellation");
        };
    }

    /** The first refusal tells this process that a show was called off on another one. */
    private void learn(PerformanceId performance, @Nullable Throwable failure) {
        if (refusalOf(failure) == RefusalCode.PERFORMANCE_CALLED_OFF) {
            sales.calledOff(performance);
        }
    }

    private CompletionStage<ReservationHeld> guarded(
            ReservationId reservation,
            PerformanceId performance,
            BuyerId buyer,
            List<SeatLabel> seats,
            List<Long> tokens) {
        List<SeatClaim> claims = new ArrayList<>();
        for (int index = 0; index < seats.size(); index++) {
            claims.add(new SeatClaim(seats.get(index), tokens.get(index)));
        }
        return commands.send(new HoldSeats(reservation, performance, buyer, claims), ReservationHeld.class)
                // The guard is behind the seats, as for a moment after it was lost. The seats have the next token.
                .exceptionallyCompose(failure -> refusalOf(failure) == RefusalCode.STALE_FENCING_TOKEN
                        ? whileAway(reservation, performance, buyer, seats)
                        : CompletableFuture.failedStage(failure))
                .whenComplete((held, failure) -> {
                    learn(performance, failure);
                    RefusalCode refusal = refusalOf(failure);
                    boolean refused = refusal != null && refusal != RefusalCode.TEMPORARILY_UNAVAILABLE;
                    if (refused || (held != null && !carries(held, seats, tokens))) {
                        guard.release(performance, reservation, buyer, seats);
                    }
                });
    }

    /** Whether the answer is this hold. A repeat of a hold that has ended has the old tokens and holds nothing. */
    private static boolean carries(ReservationHeld held, List<SeatLabel> seats, List<Long> tokens) {
        return held.seats().stream().allMatch(seat -> seat.fencingToken() >= tokens.get(seats.indexOf(seat.seat())));
    }

    private CompletionStage<ReservationHeld> whileAway(
            ReservationId reservation, PerformanceId performance, BuyerId buyer, List<SeatLabel> seats) {
        if (!unguarded.tryAcquire()) {
            return refused(RefusalCode.OVERLOADED, "The sale runs slower for a moment; try again shortly");
        }
        return decidedBySeats(reservation, performance, buyer, seats)
                .whenComplete((held, failure) -> unguarded.release());
    }

    private CompletionStage<ReservationHeld> decidedBySeats(
            ReservationId reservation, PerformanceId performance, BuyerId buyer, List<SeatLabel> seats) {
        List<SeatClaim> claims =
                seats.stream().map(seat -> new SeatClaim(seat, null)).toList();
        return commands.send(new HoldSeats(reservation, performance, buyer, claims), ReservationHeld.class);
    }

    private static CompletionStage<ReservationHeld> refused(RefusalCode code, String detail) {
        return CompletableFuture.failedStage(new RefusedException(code, detail));
    }

    /** Long after the end of a sale its guard is removed, and no request may rebuild it. */
    private void requireGuarded(PerformanceCache.Sale sale) {
        if (!clock.instant().isBefore(sale.guardedUntil())) {
            throw new RefusedException(RefusalCode.SALE_CLOSED, "The sale is closed");
        }
    }

    private static void requireForSale(List<SeatLabel> seats, PerformanceCache.Sale sale) {
        HoldShape.requireSeats(seats, sale.maxSeats());
        for (SeatLabel seat : seats) {
            if (!sale.seats().contains(seat)) {
                throw new RefusedException(RefusalCode.UNKNOWN_SEAT, "The seating plan has no seat " + seat);
            }
            if (sale.seatsNotForSale().contains(seat)) {
                throw new RefusedException(RefusalCode.SEAT_NOT_FOR_SALE, "Seat " + seat + " is not for sale");
            }
        }
    }

    private static @Nullable RefusalCode refusalOf(@Nullable Throwable failure) {
        RefusedException refused = Causes.find(failure, RefusedException.class);
        return refused == null ? null : refused.code();
    }
}
