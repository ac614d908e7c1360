package dev.onsale.command.reservation;

import dev.onsale.api.Fault;
import dev.onsale.api.OperatorAction;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.SeatsBlocked;
import dev.onsale.api.performance.SeatsUnblocked;
import dev.onsale.api.seat.BlockSeats;
import dev.onsale.api.seat.UnblockSeats;
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
import org.jspecify.annotations.Nullable;

/** Decides which seats go off sale or on sale again. All seats are checked before the first event is applied. */
final class SeatBlockDecider {

    private final SaleAggregates aggregates;
    private final FreeSeatsIndex freeSeats;

    SeatBlockDecider(SaleAggregates aggregates, FreeSeatsIndex freeSeats) {
        this.aggregates = aggregates;
        this.freeSeats = freeSeats;
    }

    SeatsBlocked block(BlockSeats command, Aggregate<Performance> performance, Instant now) {
        PerformanceScheduled sale = performance.invoke(Performance::required);
        FreeSeats free = freeSeats.of(sale);
        List<SeatId> blocked = new ArrayList<>();
        List<Fault> obstacles = new ArrayList<>();
        Set<ReservationId> lapsed = new LinkedHashSet<>();
        for (SeatLabel label : SelectedSeats.of(sale.seatingPlan(), command.selection())) {
            SeatId id = new SeatId(command.performanceId(), label);
            if (performance.invoke(p -> p.isForSale(label)) && !seat(id, free).invoke(Seat::isBlocked)) {
                String obstacle = obstacle(id, lapsed, now);
                if (obstacle == null) {
                    blocked.add(id);
                } else {
                    obstacles.add(new Fault(label.toString(), obstacle));
                }
            }
        }
        requireNone(obstacles);

        // From here on nothing refuses.
        lapsed.forEach(other -> aggregates.expire(other, now));
        blocked.forEach(id -> aggregates.block(id, now));
        return told(performance, blocked, command.by(), now);
    }

    private static SeatsBlocked told(
            Aggregate<Performance> performance, List<SeatId> seats, OperatorAction by, Instant now) {
        return performance.invoke(p -> p.block(seats.stream().map(SeatId::seat).toList(), by, now));
    }

    SeatsUnblocked unblock(UnblockSeats command, Aggregate<Performance> performance, Instant now) {
        PerformanceScheduled sale = performance.invoke(Performance::required);
        FreeSeats free = freeSeats.of(sale);
        List<SeatId> unblocked = new ArrayList<>();
        for (SeatLabel label : SelectedSeats.of(sale.seatingPlan(), command.selection())) {
            SeatId id = new SeatId(command.performanceId(), label);
            // Refuses a seat whose category has no price.
            performance.execute(p -> p.priceOf(label, now));
            if (seat(id, free).invoke(Seat::isBlocked)) {
                unblocked.add(id);
            }
        }
        unblocked.forEach(id -> aggregates.unblock(id, now));
        return performance.invoke(
                p -> p.unblock(unblocked.stream().map(SeatId::seat).toList(), command.by(), now));
    }

    private Aggregate<Seat> seat(SeatId id, FreeSeats free) {
        if (free.wasNeverTaken(id.seat())) {
            // If another node has taken it meanwhile, the store's unique key refuses the first event.
            AggregatePrefetch.assumeNew(id.toString());
        }
        return aggregates.seat(id);
    }

    /** What keeps the seat from being blocked; {@code null} for nothing. A hold that has lapsed is no obstacle. */
    private @Nullable String obstacle(SeatId id, Set<ReservationId> lapsed, Instant now) {
        Aggregate<Seat> seat = aggregates.seat(id);
        ReservationId other = seat.invoke(s -> s.holderOrOwner().orElse(null));
        if (other == null) {
            return null;
        }
        if (seat.invoke(Seat::isBooked)) {
            return "BOOKED";
        }
        if (!aggregates.reservation(other).invoke(r -> r.hasLapsed(now))) {
            return "HELD";
        }
        lapsed.add(other);
        return null;
    }

    private static void requireNone(List<Fault> obstacles) {
        if (!obstacles.isEmpty()) {
            throw new RefusedException(
                    RefusalCode.SEATS_NOT_FREE,
                    obstacles.size() + " of the seats are held or booked; nothing was blocked",
                    obstacles.subList(0, Math.min(obstacles.size(), Fault.REPORTED_MAX)),
                    obstacles.size());
        }
    }
}
