package dev.onsale.proof.invariant;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.allowance.AllowanceEvent;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.performance.PerformanceCalledOff;
import dev.onsale.api.performance.PerformanceEvent;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.api.view.ReservationStatus;
import dev.onsale.api.view.SeatState;
import dev.onsale.api.wallet.WalletEvent;
import dev.onsale.proof.invariant.ReservationFold.Folded;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Folds a log of events into the state of its sales and campaigns, and records every invariant that the log violates.
 * It deliberately shares no code with the aggregates: a check that reuses their code would repeat their bugs. Not
 * thread-safe.
 */
public final class LogFold {

    private final Findings findings = new Findings();
    private final TermsFold terms = new TermsFold(findings);
    private final SequenceFold sequences = new SequenceFold(findings);
    private final SeatFold seats = new SeatFold(findings, this::maxSeatsPerBuyer);
    private final ReservationFold reservations = new ReservationFold(findings);
    private final AllowanceFold allowances = new AllowanceFold(findings, this::maxSeatsPerBuyer);
    private final CampaignFold campaigns = new CampaignFold(findings);
    private final PaymentFold payments = new PaymentFold(findings);
    private final WalletFold wallets = new WalletFold(findings);
    private long events;

    /** Folds the events in the order given. */
    public static LogFold of(Iterable<LogEvent> events) {
        LogFold fold = new LogFold();
        events.forEach(fold::on);
        return fold;
    }

    /** Applies the next event of the log. */
    public void on(LogEvent event) {
        events++;
        sequences.on(event);
        OnsaleEvent fact = event.fact();
        if (fact != null) {
            ExercisedInvariants.note(fact, findings);
        }
        if (fact instanceof PerformanceCalledOff off) {
            reservations.calledOff(event.position(), off);
        }
        if (fact instanceof PerformanceEvent performance) {
            terms.on(performance);
        } else if (fact instanceof SeatEvent seat) {
            seats.on(event.position(), seat);
        } else if (fact instanceof ReservationEvent reservation) {
            reservations.on(event.position(), reservation);
            if (reservation instanceof ReservationHeld held) {
                terms.requirePrices(event.position(), held);
            }
        } else if (fact instanceof AllowanceEvent allowance) {
            allowances.on(event.position(), allowance);
        } else if (fact instanceof CouponEvent coupon) {
            campaigns.on(event.position(), coupon);
        } else if (fact instanceof PaymentEvent payment) {
            payments.on(event.position(), payment);
        } else if (fact instanceof WalletEvent wallet) {
            wallets.on(event.position(), wallet);
        }
    }

    private @Nullable Integer maxSeatsPerBuyer(PerformanceId performance) {
        return terms.maxSeatsPerBuyer(performance);
    }

    /**
     * Number of reservations without an end and of payments whose money still has to move. 0 when everything has
     * settled.
     */
    public long unsettled() {
        return count(ReservationStatus.HELD)
                + count(ReservationStatus.PAYMENT_PENDING)
                + payments.unsettled(reservations);
    }

    /**
     * All violations of a complete log. To be called once, after the last event.
     *
     * @param asOf when the log was read; a hold that ends after this instant may still be open
     */
    public Findings judge(Instant asOf) {
        reservations.reservations().forEach((id, folded) -> requireAgreement(id, folded, asOf));
        seats.claims().forEach(this::requireReservation);
        allowances.compareWith(seats);
        payments.compareWith(reservations);
        campaigns.compareWith(payments);
        wallets.compareWith(payments);
        return findings;
    }

    /**
     * The violations so far of a log that is not complete. Rules that apply only at the end are not checked.
     *
     * @param asOf a hold that ends before this instant must have ended
     */
    public Findings judgeOpen(Instant asOf) {
        reservations.reservations().forEach((id, folded) -> requireEnded(id, folded, asOf));
        return findings;
    }

    /**
     * Reservations of a performance with a waiting room whose buyers had not entered through it.
     *
     * @param entered when each buyer first entered
     * @param tolerance how much later than the hold the entry may be
     */
    public Findings heldWithoutEntry(Map<String, Instant> entered, Duration tolerance) {
        Findings jumped = new Findings();
        reservations.reservations().forEach((id, folded) -> {
            PerformanceScheduled scheduled = terms.scheduled(folded.held.performanceId());
            if (scheduled != null && scheduled.waitingRoom()) {
                Instant came = entered.get(folded.held.buyerId().toString());
                if (came == null || came.isAfter(folded.held.heldAt().plus(tolerance))) {
                    jumped.add(
                            Invariant.NOBODY_JUMPED_THE_QUEUE,
                            "Reservation " + id + " of " + folded.held.buyerId() + " was held at "
                                    + folded.held.heldAt() + ", and "
                                    + (came == null ? "this buyer never entered" : "its buyer entered at " + came));
                }
            }
        });
        return jumped;
    }

    /** Whether the log says that a performance has a waiting room. */
    public boolean hasWaitingRoom(String saleKey) {
        return terms.scheduled().stream()
                .anyMatch(scheduled ->
                        scheduled.waitingRoom() && scheduled.saleKey().equals(saleKey));
    }

    private void requireEnded(ReservationId id, Folded folded, Instant asOf) {
        if (isOpen(folded) && !asOf.isBefore(folded.keptUntil())) {
            findings.add(
                    Invariant.EVERY_HOLD_ENDS,
                    "Reservation " + id + " is " + folded.status + " and should have ended at " + folded.keptUntil());
        }
    }

    private void requireAgreement(ReservationId id, Folded folded, Instant asOf) {
        requireEnded(id, folded, asOf);
        if (!isOpen(folded) && folded.status != ReservationStatus.CONFIRMED) {
            return;
        }
        for (SeatLabel label : ReservationFold.labels(folded.seats())) {
            SeatFold.Claim claim = seats.claims().get(new SeatId(folded.held.performanceId(), label));
            boolean booked = folded.status == ReservationStatus.CONFIRMED;
            if (claim == null || !claim.by().equals(id) || claim.booked() != booked) {
                findings.add(
                        Invariant.SEATS_AGREE_WITH_RESERVATIONS,
                        "Reservation " + id + " is " + folded.status + " and its seat " + label + " is "
                                + (claim == null ? "free" : (claim.booked() ? "booked by " : "held by ") + claim.by()));
            }
        }
    }

    private void requireReservation(SeatId seat, SeatFold.Claim claim) {
        Folded folded = reservations.reservations().get(claim.by());
        if (folded == null) {
            findings.add(
                    Invariant.SEATS_AGREE_WITH_RESERVATIONS,
                    "Seat " + seat.seat() + " belongs to reservation " + claim.by() + ", which is not in the log");
        } else if (!isOpen(folded) && folded.status != ReservationStatus.CONFIRMED) {
            findings.add(
                    claim.booked() ? Invariant.SEATS_AGREE_WITH_RESERVATIONS : Invariant.EVERY_HOLD_ENDS,
                    "Seat " + seat.seat() + " still belongs to reservation " + claim.by() + ", which is "
                            + folded.status);
        }
    }

    private static boolean isOpen(Folded folded) {
        return folded.status == ReservationStatus.HELD || folded.status == ReservationStatus.PAYMENT_PENDING;
    }

    /** The state of every seat that is not available, as a read model should have it. */
    public Map<SeatLabel, SeatState> takenSeats(PerformanceId performance) {
        Map<SeatLabel, SeatState> taken = new HashMap<>();
        seats.claims().forEach((seat, claim) -> {
            if (seat.performanceId().equals(performance)) {
                taken.put(seat.seat(), claim.booked() ? SeatState.BOOKED : SeatState.HELD);
            }
        });
        seats.blockedSeats().stream()
                .filter(seat -> seat.performanceId().equals(performance))
                .forEach(seat -> taken.put(seat.seat(), SeatState.BLOCKED));
        return taken;
    }

    /** The status of every reservation, as a read model should have it. */
    public Map<ReservationId, ReservationStatus> reservationStatuses() {
        Map<ReservationId, ReservationStatus> statuses = new LinkedHashMap<>();
        reservations.reservations().forEach((id, folded) -> statuses.put(id, folded.status));
        return statuses;
    }

    public long count(ReservationStatus status) {
        return reservations.reservations().values().stream()
                .filter(folded -> folded.status == status)
                .count();
    }

    public long events() {
        return events;
    }

    /** Number of booked seats less those freed. */
    public long seatsSold() {
        return seats.bookings() - seats.freed();
    }

    public long seatsBooked() {
        return seats.bookings();
    }

    public long seatsFreed() {
        return seats.freed();
    }

    /** Number of seats that two reservations had at the same position of the log. */
    public long doubleSales() {
        Set<SeatId> soldTwice = new HashSet<>(seats.soldTwice());
        soldTwice.addAll(reservations.soldTwice());
        return soldTwice.size();
    }

    public long couponsIssued() {
        return campaigns.issued();
    }

    /** Number of coupons issued beyond the quantities of their campaigns. */
    public long overIssue() {
        return campaigns.overIssue();
    }

    /** Captured amounts in minor units, by currency. */
    public Map<String, Long> capturedMinor() {
        return payments.capturedMinor();
    }

    /** Refunded amounts in minor units, by currency. */
    public Map<String, Long> refundedMinor() {
        return payments.refundedMinor();
    }

    public long paymentsDeclined() {
        return payments.count(PaymentFold.State.DECLINED);
    }

    ReservationFold reservations() {
        return reservations;
    }

    CampaignFold campaigns() {
        return campaigns;
    }
}
