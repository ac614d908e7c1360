package dev.onsale.proof.invariant;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.performance.PerformanceCalledOff;
import dev.onsale.api.reservation.BookingRevoked;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.LatePaymentAccepted;
import dev.onsale.api.reservation.LatePaymentRejected;
import dev.onsale.api.reservation.PaymentDiscounted;
import dev.onsale.api.reservation.PaymentFailed;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.reservation.ReservationPartlyCancelled;
import dev.onsale.api.view.ReservationStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Folds the reservation events: the state of each reservation. */
final class ReservationFold {

    /** The state of one reservation. */
    static final class Folded {
        final ReservationHeld held;
        ReservationStatus status = ReservationStatus.HELD;

        @Nullable
        PaymentRequested inFlight;

        /** The payment that was pending when the hold expired. */
        @Nullable
        PaymentRequested late;

        @Nullable
        ReservationConfirmed confirmed;

        @Nullable
        ReservationCancelled cancelled;

        @Nullable
        PaymentDiscounted discounted;

        /** In the order of the log. Most reservations expire without one. */
        Map<PaymentId, PaymentRequested> payments = Map.of();

        /** The seats that it still has, or had at last. */
        private List<HeldSeat> seats;

        /** What parts of the booking gave back. */
        private final List<ReservationPartlyCancelled> parts = new ArrayList<>();

        private Folded(ReservationHeld held) {
            this.held = held;
            this.seats = held.seats();
        }

        List<HeldSeat> seats() {
            return seats;
        }

        List<ReservationPartlyCancelled> parts() {
            return parts;
        }

        /** Price of the seats that it still has. */
        long totalMinor() {
            return seats.stream().mapToLong(seat -> seat.price().minorUnits()).sum();
        }

        private boolean has(SeatLabel label) {
            return seats.stream().anyMatch(seat -> seat.seat().equals(label));
        }

        /** The instant from which an unfinished reservation may expire. */
        Instant keptUntil() {
            return inFlight == null || inFlight.payBefore().isBefore(held.heldUntil())
                    ? held.heldUntil()
                    : inFlight.payBefore();
        }
    }

    private final Findings findings;
    private final Map<ReservationId, Folded> reservations = new LinkedHashMap<>();
    private final Map<Object, Object> known = new HashMap<>();
    private final Map<SeatId, ReservationId> owners = new HashMap<>();
    private final Set<PerformanceId> calledOff = new java.util.HashSet<>();
    private final Set<SeatId> soldTwice = new java.util.HashSet<>();

    ReservationFold(Findings findings) {
        this.findings = findings;
    }

    void on(long position, ReservationEvent event) {
        Folded folded = reservations.get(event.reservationId());
        if (calledOff.contains(event.performanceId())
                && (event instanceof ReservationHeld
                        || event instanceof ReservationConfirmed
                        || event instanceof PaymentRequested
                        || event instanceof LatePaymentAccepted)) {
            broken(position, event, "goes on although the show was called off");
        }
        if (event instanceof ReservationHeld held) {
            if (folded != null) {
                broken(position, event, "is held a second time");
            } else {
                reservations.put(held.reservationId(), new Folded(shared(held)));
            }
            return;
        }
        if (folded == null) {
            broken(position, event, "has a fact before its hold");
            return;
        }
        if (!folded.held.buyerId().equals(event.buyerId())) {
            broken(position, event, "changes its buyer");
        }
        switch (event) {
            case ReservationHeld held -> throw new IllegalStateException("handled above");
            case PaymentDiscounted discounted -> {
                requireStatus(position, event, folded, EnumSet.of(ReservationStatus.HELD));
                folded.discounted = discounted;
            }
            case PaymentRequested requested -> {
                requireStatus(position, event, folded, EnumSet.of(ReservationStatus.HELD));
                requireAmount(position, folded, requested);
                folded.status = ReservationStatus.PAYMENT_PENDING;
                folded.inFlight = requested;
                if (folded.payments.isEmpty()) {
                    folded.payments = new LinkedHashMap<>();
                }
                folded.payments.put(requested.paymentId(), requested);
            }
            case PaymentFailed failed -> {
                requirePaymentInFlight(position, event, folded, failed.paymentId());
                folded.status = ReservationStatus.HELD;
                folded.inFlight = null;
            }
            case ReservationConfirmed confirmed -> on(position, folded, confirmed);
            case ReservationExpired expired -> {
                requireStatus(
                        position, event, folded, EnumSet.of(ReservationStatus.HELD, ReservationStatus.PAYMENT_PENDING));
                if (expired.expiredAt().isBefore(folded.keptUntil())) {
                    broken(position, event, "expires before its time, " + folded.keptUntil());
                }
                folded.status = ReservationStatus.EXPIRED;
                folded.late = folded.inFlight;
                folded.inFlight = null;
            }
            case LatePaymentAccepted accepted -> {
                requireLate(position, event, folded, accepted.paymentId());
                if (!labels(accepted.seats()).equals(labels(folded.seats))) {
                    broken(position, event, "gets other seats again than it held");
                }
                folded.status = ReservationStatus.PAYMENT_PENDING;
                folded.inFlight = folded.late;
                folded.late = null;
            }
            case LatePaymentRejected rejected -> {
                requireLate(position, event, folded, rejected.paymentId());
                folded.late = null;
            }
            case ReservationPartlyCancelled part -> on(position, folded, part);
            case BookingRevoked revoked -> {
                requireRefund(position, folded, revoked, revoked.refund());
                requireStatus(position, event, folded, EnumSet.of(ReservationStatus.CONFIRMED));
                for (SeatLabel seat : revoked.seats()) {
                    owners.remove(new SeatId(revoked.performanceId(), seat), revoked.reservationId());
                }
                folded.status = ReservationStatus.CANCELLED;
            }
            case ReservationCancelled cancelled -> on(position, folded, cancelled);
        }
    }

    /** The same with one object for each buyer, seat and price: a log has many more holds than these. */
    private ReservationHeld shared(ReservationHeld held) {
        return new ReservationHeld(
                held.reservationId(),
                one(held.performanceId()),
                one(held.buyerId()),
                held.seats().stream()
                        .map(seat -> new HeldSeat(
                                one(seat.seat()), one(seat.category()), one(seat.price()), seat.fencingToken()))
                        .toList(),
                one(held.total()),
                held.heldUntil(),
                held.heldAt());
    }

    @SuppressWarnings("unchecked") // Equal objects have the same class.
    private <T> T one(T value) {
        Object same = known.putIfAbsent(value, value);
        return same == null ? value : (T) same;
    }

    /** From here on nothing is held, paid or booked. */
    void calledOff(long position, PerformanceCalledOff off) {
        if (!calledOff.add(off.performanceId())) {
            findings.add(
                    Invariant.LOG_IN_ORDER,
                    "Performance " + off.performanceId() + " is called off twice, at position " + position);
        }
    }

    private void on(long position, Folded folded, ReservationConfirmed confirmed) {
        requirePaymentInFlight(position, confirmed, folded, confirmed.paymentId());
        if (!labels(confirmed.seats()).equals(labels(folded.seats))) {
            broken(position, confirmed, "is confirmed for other seats than it held");
        }
        if (!confirmed
                .total()
                .equals(Money.of(
                        folded.totalMinor(), folded.held.total().currency().getCurrencyCode()))) {
            broken(position, confirmed, "is confirmed for another total than its seats have");
        }
        for (HeldSeat seat : confirmed.seats()) {
            SeatId id = new SeatId(confirmed.performanceId(), seat.seat());
            ReservationId owner = owners.put(id, confirmed.reservationId());
            if (owner != null && !owner.equals(confirmed.reservationId())) {
                soldTwice.add(id);
                findings.add(
                        Invariant.ONE_HOLDER_PER_SEAT,
                        "Seat " + id.seat() + " is confirmed to " + confirmed.reservationId() + " while " + owner
                                + " owns it, at position " + position);
            }
        }
        folded.status = ReservationStatus.CONFIRMED;
        folded.confirmed = confirmed;
        folded.inFlight = null;
    }

    private void on(long position, Folded folded, ReservationPartlyCancelled part) {
        requireStatus(position, part, folded, EnumSet.of(ReservationStatus.HELD, ReservationStatus.CONFIRMED));
        if (part.seats().isEmpty() || !part.seats().stream().allMatch(folded::has)) {
            broken(position, part, "cancels " + part.seats() + " and has " + labels(folded.seats));
        }
        PaymentId paid = folded.confirmed == null ? null : folded.confirmed.paymentId();
        if (!Objects.equals(paid, part.refundOf()) || (paid == null) != (part.refund() == null)) {
            broken(position, part, "was paid by " + paid + " and asks to refund a part of " + part.refundOf());
        }
        requireShare(position, folded, part);
        for (SeatLabel seat : part.seats()) {
            owners.remove(new SeatId(part.performanceId(), seat), part.reservationId());
        }
        folded.seats = folded.seats.stream()
                .filter(seat -> !part.seats().contains(seat.seat()))
                .toList();
        folded.parts.add(part);
        if (folded.seats.isEmpty()) {
            broken(position, part, "has no seat left and is not cancelled");
        }
        if (part.part() != folded.parts.size()) {
            broken(position, part, "has part " + part.part() + " after " + (folded.parts.size() - 1) + " parts");
        }
        if (part.total().minorUnits() != folded.totalMinor()) {
            broken(position, part, "states a total of " + part.total() + ", its seats cost " + folded.totalMinor());
        }
    }

    /** A part gives back what was paid for its seats: at most their price, and within a unit for each seat of the booking in proportion. */
    private void requireShare(long position, Folded folded, ReservationPartlyCancelled part) {
        Money refund = part.refund();
        ReservationConfirmed confirmed = folded.confirmed;
        PaymentRequested paying = confirmed == null ? null : folded.payments.get(confirmed.paymentId());
        if (refund == null || confirmed == null || paying == null) {
            return;
        }
        long price = confirmed.seats().stream()
                .filter(seat -> part.seats().contains(seat.seat()))
                .mapToLong(seat -> seat.price().minorUnits())
                .sum();
        double fair = (double) paying.amount().minorUnits()
                * price
                / Math.max(1, confirmed.total().minorUnits());
        if (refund.minorUnits() > price
                || Math.abs(refund.minorUnits() - fair) > part.seats().size()) {
            findings.add(
                    Invariant.MONEY_MATCHES_BOOKINGS,
                    "Part " + part.part() + " of reservation " + part.reservationId() + " gives back " + refund
                            + ", paid for its seats was about " + (long) fair + ", at position " + position);
        }
    }

    /** After parts, the end of a booking gives back exactly what the parts left of the payment. */
    private void requireRefund(long position, Folded folded, ReservationEvent event, @Nullable Money refund) {
        ReservationConfirmed confirmed = folded.confirmed;
        PaymentRequested paying = confirmed == null ? null : folded.payments.get(confirmed.paymentId());
        long inParts = partsMinor(folded);
        boolean hasPaidParts = folded.parts.stream().anyMatch(part -> part.refund() != null);
        Long left = paying == null || !hasPaidParts ? null : paying.amount().minorUnits() - inParts;
        if (!Objects.equals(left, refund == null ? null : refund.minorUnits())) {
            findings.add(
                    Invariant.MONEY_MATCHES_BOOKINGS,
                    event.getClass().getSimpleName() + " of reservation " + event.reservationId() + " gives back "
                            + refund + " after parts of " + inParts + ", left are " + left + ", at position "
                            + position);
        }
    }

    /** What the parts of a booking give back together. */
    static long partsMinor(Folded folded) {
        return folded.parts.stream()
                .map(ReservationPartlyCancelled::refund)
                .filter(Objects::nonNull)
                .mapToLong(Money::minorUnits)
                .sum();
    }

    private void on(long position, Folded folded, ReservationCancelled cancelled) {
        requireRefund(position, folded, cancelled, cancelled.refund());
        requireStatus(
                position,
                cancelled,
                folded,
                EnumSet.of(ReservationStatus.HELD, ReservationStatus.PAYMENT_PENDING, ReservationStatus.CONFIRMED));
        PaymentId paid = folded.confirmed == null ? null : folded.confirmed.paymentId();
        if (paid == null ? cancelled.refundOf() != null : !paid.equals(cancelled.refundOf())) {
            broken(position, cancelled, "was paid by " + paid + " and asks to refund " + cancelled.refundOf());
        }
        for (SeatLabel seat : cancelled.seats()) {
            owners.remove(new SeatId(cancelled.performanceId(), seat), cancelled.reservationId());
        }
        folded.status = ReservationStatus.CANCELLED;
        folded.cancelled = cancelled;
        folded.inFlight = null;
    }

    private void requireStatus(long position, ReservationEvent event, Folded folded, Set<ReservationStatus> allowed) {
        if (!allowed.contains(folded.status)) {
            broken(position, event, "was " + folded.status);
        }
    }

    private void requireAmount(long position, Folded folded, PaymentRequested requested) {
        PaymentDiscounted discount = folded.discounted;
        long off = discount != null && discount.paymentId().equals(requested.paymentId())
                ? discount.discount().minorUnits()
                : 0;
        if (requested.amount().minorUnits() != folded.totalMinor() - off
                || !requested.amount().currency().equals(folded.held.total().currency())) {
            findings.add(
                    Invariant.MONEY_MATCHES_BOOKINGS,
                    "Payment " + requested.paymentId() + " asks for " + requested.amount()
                            + ", the reservation's total is " + folded.totalMinor() + " less " + off + ", at position "
                            + position);
        }
    }

    private void requireLate(long position, ReservationEvent event, Folded folded, PaymentId payment) {
        requireStatus(position, event, folded, EnumSet.of(ReservationStatus.EXPIRED));
        if (folded.late == null || !folded.late.paymentId().equals(payment)) {
            broken(position, event, "did not expire under payment " + payment);
        }
    }

    private void requirePaymentInFlight(long position, ReservationEvent event, Folded folded, PaymentId payment) {
        requireStatus(position, event, folded, EnumSet.of(ReservationStatus.PAYMENT_PENDING));
        if (folded.inFlight != null && !folded.inFlight.paymentId().equals(payment)) {
            broken(position, event, "waits for payment " + folded.inFlight.paymentId() + ", not for " + payment);
        }
    }

    private void broken(long position, ReservationEvent event, String what) {
        findings.add(
                Invariant.RESERVATION_LIFE,
                event.getClass().getSimpleName() + " at position " + position + ": reservation " + event.reservationId()
                        + " " + what);
    }

    static List<SeatLabel> labels(List<HeldSeat> seats) {
        return seats.stream().map(HeldSeat::seat).sorted().toList();
    }

    Map<ReservationId, Folded> reservations() {
        return Collections.unmodifiableMap(reservations);
    }

    Set<SeatId> soldTwice() {
        return Collections.unmodifiableSet(soldTwice);
    }
}
