package dev.onsale.proof.invariant;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
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
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Folds the seat events: the holder or owner of each seat. */
final class SeatFold {

    /** The reservation that has a seat. */
    record Claim(ReservationId by, BuyerId buyer, long fencingToken, boolean booked) {}

    private record Ticket(SeatId seat, long fencingToken) {}

    private record Person(PerformanceId performance, BuyerId buyer) {}

    private final Findings findings;
    private final SeatLimits limits;
    private final Map<SeatId, Claim> claims = new HashMap<>();
    private final Map<SeatId, Long> lastFencingToken = new HashMap<>();
    private final Map<Person, Integer> seatsOf = new HashMap<>();
    private final Set<SeatId> soldTwice = new HashSet<>();
    private final Set<SeatId> blockedSeats = new HashSet<>();
    private final Set<Ticket> checkedIn = new HashSet<>();
    private long bookings;
    private long freed;

    /** Maximum number of seats of a performance for one buyer; {@code null} if unknown. */
    interface SeatLimits {
        @Nullable
        Integer maxSeatsPerBuyer(PerformanceId performance);
    }

    SeatFold(Findings findings, SeatLimits limits) {
        this.findings = findings;
        this.limits = limits;
    }

    void on(long position, SeatEvent event) {
        SeatId seat = event.seatId();
        Claim claim = claims.get(seat);
        switch (event) {
            case SeatHeld held -> {
                if (claim != null) {
                    twice(seat, position, claim, held.reservationId(), "is held by");
                }
                requireNotBlocked(seat, position, held.reservationId(), "is held by");
                long last = lastFencingToken.getOrDefault(seat, 0L);
                if (held.fencingToken() <= last) {
                    findings.add(
                            Invariant.FENCING_TOKENS_GROW,
                            "Seat " + seat.seat() + " is held with token " + held.fencingToken() + " after " + last
                                    + at(position));
                }
                lastFencingToken.put(seat, Math.max(last, held.fencingToken()));
                replace(seat, new Claim(held.reservationId(), held.buyerId(), held.fencingToken(), false));
                requireAllowed(seat, held.buyerId(), position);
            }
            case SeatBooked booked -> {
                bookings++;
                requireNotBlocked(seat, position, booked.reservationId(), "is booked by");
                if (claim == null) {
                    life(seat, position, "is booked by " + booked.reservationId() + " without a hold");
                } else if (!claim.by().equals(booked.reservationId())) {
                    twice(seat, position, claim, booked.reservationId(), "is booked by");
                } else if (claim.booked()) {
                    life(seat, position, "is booked by " + claim.by() + " a second time");
                } else if (claim.fencingToken() != booked.fencingToken()) {
                    findings.add(
                            Invariant.FENCING_TOKENS_GROW,
                            "Seat " + seat.seat() + " is booked with token " + booked.fencingToken() + ", its hold has "
                                    + claim.fencingToken() + at(position));
                }
                replace(seat, new Claim(booked.reservationId(), booked.buyerId(), booked.fencingToken(), true));
            }
            case SeatReleased released -> endOfHold(seat, position, claim, released.reservationId(), "is released by");
            case SeatHoldExpired expired -> endOfHold(seat, position, claim, expired.reservationId(), "expires for");
            case SeatBlocked blocked -> {
                if (claim != null) {
                    blocked(
                            seat,
                            position,
                            "is blocked while " + claim.by() + (claim.booked() ? " owns it" : " holds it"));
                }
                blockedSeats.add(seat);
            }
            case SeatUnblocked unblocked -> {
                if (!blockedSeats.remove(seat)) {
                    blocked(seat, position, "is put on sale again without being blocked");
                }
            }
            case TicketCheckedIn used -> checkedIn(seat, position, claim, used);
            case SeatFreed done -> {
                freed++;
                if (claim == null || !claim.booked() || !claim.by().equals(done.reservationId())) {
                    life(seat, position, "is freed by " + done.reservationId() + ", which has not booked it");
                } else {
                    remove(seat);
                }
            }
        }
    }

    private void checkedIn(SeatId seat, long position, @Nullable Claim claim, TicketCheckedIn used) {
        if (claim == null
                || !claim.booked()
                || !claim.by().equals(used.reservationId())
                || claim.fencingToken() != used.fencingToken()) {
            life(seat, position, "is checked in by " + used.reservationId() + ", which has not booked it");
        } else if (!checkedIn.add(new Ticket(seat, used.fencingToken()))) {
            life(seat, position, "is checked in by " + used.reservationId() + " a second time");
        }
    }

    private void endOfHold(SeatId seat, long position, @Nullable Claim claim, ReservationId by, String what) {
        if (claim == null || claim.booked() || !claim.by().equals(by)) {
            life(seat, position, what + " " + by + ", which does not hold it");
        } else {
            remove(seat);
        }
    }

    private void requireAllowed(SeatId seat, BuyerId buyer, long position) {
        Integer limit = limits.maxSeatsPerBuyer(seat.performanceId());
        int has = seatsOf(seat.performanceId(), buyer);
        if (limit != null && has > limit) {
            findings.add(
                    Invariant.ALLOWANCE_KEPT,
                    buyer + " has " + has + " seats with " + seat.seat() + ", allowed are " + limit + at(position));
        }
    }

    private void replace(SeatId seat, Claim claim) {
        remove(seat);
        claims.put(seat, claim);
        seatsOf.merge(new Person(seat.performanceId(), claim.buyer()), 1, Integer::sum);
    }

    private void remove(SeatId seat) {
        Claim before = claims.remove(seat);
        if (before != null) {
            seatsOf.merge(new Person(seat.performanceId(), before.buyer()), -1, Integer::sum);
        }
    }

    private void twice(SeatId seat, long position, Claim claim, ReservationId by, String what) {
        soldTwice.add(seat);
        findings.add(
                Invariant.ONE_HOLDER_PER_SEAT,
                "Seat " + seat.seat() + " " + what + " " + by + " while " + claim.by()
                        + (claim.booked() ? " owns it" : " holds it") + at(position));
    }

    private void requireNotBlocked(SeatId seat, long position, ReservationId by, String what) {
        if (blockedSeats.contains(seat)) {
            blocked(seat, position, what + " " + by + " while it is blocked");
        }
    }

    private void blocked(SeatId seat, long position, String what) {
        findings.add(Invariant.NO_BLOCKED_SEAT_SOLD, "Seat " + seat.seat() + " " + what + at(position));
    }

    private void life(SeatId seat, long position, String what) {
        findings.add(Invariant.SEAT_LIFE, "Seat " + seat.seat() + " " + what + at(position));
    }

    private static String at(long position) {
        return ", at position " + position;
    }

    Map<SeatId, Claim> claims() {
        return Collections.unmodifiableMap(claims);
    }

    Collection<SeatId> blockedSeats() {
        return Collections.unmodifiableSet(blockedSeats);
    }

    Collection<SeatId> soldTwice() {
        return Collections.unmodifiableSet(soldTwice);
    }

    int seatsOf(PerformanceId performance, BuyerId buyer) {
        return seatsOf.getOrDefault(new Person(performance, buyer), 0);
    }

    long bookings() {
        return bookings;
    }

    long freed() {
        return freed;
    }
}
