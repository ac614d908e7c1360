package dev.onsale.command.reservation;

import dev.onsale.api.AllowanceId;
import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.HoldBestSeats;
import dev.onsale.api.reservation.HoldSeats;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.reservation.SeatClaim;
import dev.onsale.command.performance.Performance;
import dev.onsale.command.seating.FreeSeats;
import dev.onsale.command.seating.FreeSeatsIndex;
import dev.onsale.command.store.AggregatePrefetch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.axonframework.modelling.command.Aggregate;

/** Decides holds of named seats and of the best seats. All checks come before the first event is applied. */
final class HoldDecider {

    private final SaleAggregates aggregates;
    private final FreeSeatsIndex freeSeats;

    HoldDecider(SaleAggregates aggregates, FreeSeatsIndex freeSeats) {
        this.aggregates = aggregates;
        this.freeSeats = freeSeats;
    }

    /** The common part of both kinds of orders. */
    private record Order(
            ReservationId reservationId, PerformanceId performanceId, BuyerId buyerId, List<SeatClaim> seats) {}

    ReservationHeld hold(HoldSeats command, Aggregate<Performance> performance, Instant now) {
        HoldShape.requireSeats(
                command.seats().stream().map(SeatClaim::seat).toList(),
                performance.invoke(Performance::required).maxSeatsPerBuyer());
        return hold(
                new Order(command.reservationId(), command.performanceId(), command.buyerId(), command.seats()),
                performance,
                now);
    }

    ReservationHeld hold(HoldBestSeats command, Aggregate<Performance> performance, Instant now) {
        PerformanceScheduled sale = performance.invoke(Performance::required);
        HoldShape.requireBest(
                command.quantity(), command.category(), sale.maxSeatsPerBuyer(), sale.seatingPlan()::hasCategory);
        requireAllowance(sale, command.buyerId(), command.quantity(), new LinkedHashSet<>(), now);
        List<SeatClaim> best = best(command, sale, now).stream()
                .map(seat -> new SeatClaim(seat, null))
                .toList();
        return hold(
                new Order(command.reservationId(), command.performanceId(), command.buyerId(), best), performance, now);
    }

    private ReservationHeld hold(Order order, Aggregate<Performance> performance, Instant now) {
        PerformanceScheduled sale = performance.invoke(Performance::required);
        Set<ReservationId> lapsed = new LinkedHashSet<>();
        List<HeldSeat> held = new ArrayList<>();
        for (SeatClaim claim : order.seats()) {
            PriceZone zone = performance.invoke(p -> p.priceOf(claim.seat(), now));
            Aggregate<Seat> seat = aggregates.seat(new SeatId(order.performanceId(), claim.seat()));
            seat.execute(Seat::requireNotBlocked);
            seat.invoke(Seat::holderOrOwner).ifPresent(other -> {
                if (!isLapsed(seat, other, now)) {
                    throw RefusedException.seatTaken(claim.seat());
                }
                lapsed.add(other);
            });
            long token = seat.invoke(s -> s.nextFencingToken(claim.fencingToken()));
            held.add(new HeldSeat(claim.seat(), zone.category(), zone.price(), token));
        }
        requireAllowance(sale, order.buyerId(), held.size(), lapsed, now);

        // From here on nothing refuses. Expired holds are ended here or by the timer, whichever comes first.
        lapsed.forEach(other -> aggregates.expire(other, now));
        ReservationHeld fact = new ReservationHeld(
                order.reservationId(),
                order.performanceId(),
                order.buyerId(),
                held,
                total(held),
                performance.invoke(p -> p.heldUntil(now)),
                now);
        aggregates.hold(fact, sale.maxSeatsPerBuyer(), now);
        aggregates.reservation(order.reservationId()).execute(r -> r.hold(fact));
        return fact;
    }

    /** Chooses from the index of free seats and checks the seats. Corrections go into the index before the next choice. */
    private List<SeatLabel> best(HoldBestSeats command, PerformanceScheduled sale, Instant now) {
        while (true) {
            FreeSeats free = freeSeats.of(sale);
            List<SeatLabel> chosen =
                    free.best(command.quantity(), command.category(), now).orElse(List.of());
            if (chosen.isEmpty()) {
                if (freeSeats.readAgain(sale)) {
                    continue;
                }
                throw HoldShape.notEnoughSeats(command.quantity(), command.category());
            }
            boolean allFree = true;
            for (SeatLabel label : chosen) {
                allFree &= isFree(new SeatId(command.performanceId(), label), free, now);
            }
            if (allFree) {
                return chosen;
            }
        }
    }

    private boolean isFree(SeatId id, FreeSeats free, Instant now) {
        if (free.wasNeverTaken(id.seat())) {
            // If another node has taken it meanwhile, the store's unique key refuses the first event.
            AggregatePrefetch.assumeNew(id.toString());
        }
        Aggregate<Seat> seat = aggregates.seat(id);
        ReservationId other = seat.invoke(s -> s.holderOrOwner().orElse(null));
        if (seat.invoke(Seat::isBlocked)) {
            free.taken(id.seat());
            return false;
        }
        if (other == null || isLapsed(seat, other, now)) {
            return true;
        }
        Instant keptUntil = aggregates.reservation(other).invoke(Reservation::keptUntil);
        if (!seat.invoke(Seat::isBooked) && keptUntil.isAfter(now)) {
            free.heldUntil(id.seat(), keptUntil);
        } else {
            free.taken(id.seat());
        }
        return false;
    }

    private boolean isLapsed(Aggregate<Seat> seat, ReservationId holder, Instant now) {
        return !seat.invoke(Seat::isBooked) && aggregates.reservation(holder).invoke(r -> r.hasLapsed(now));
    }

    /** Expired holds of the buyer that nobody has ended yet make room. They are added to the lapsed ones. */
    private void requireAllowance(
            PerformanceScheduled sale, BuyerId buyer, int seats, Set<ReservationId> lapsed, Instant now) {
        Aggregate<Allowance> allowance = aggregates.allowance(new AllowanceId(sale.performanceId(), buyer));
        int seatsMax = sale.maxSeatsPerBuyer();
        if (allowance.invoke(Allowance::seatsInUse) + seats > seatsMax) {
            Set<ReservationId> own = allowance.invoke(Allowance::reservations);
            own.stream()
                    .filter(id -> aggregates.reservation(id).invoke(r -> r.hasLapsed(now)))
                    .forEach(lapsed::add);
            int over = own.stream()
                    .filter(lapsed::contains)
                    .mapToInt(id -> allowance.invoke(a -> a.seatsOf(id)))
                    .sum();
            allowance.execute(a -> a.requireRoomFor(seats - over, seatsMax));
        }
    }

    private static Money total(List<HeldSeat> seats) {
        return seats.stream()
                .map(HeldSeat::price)
                .reduce(Money::plus)
                .orElseThrow(() -> new IllegalStateException("A reservation has at least one seat"));
    }
}
