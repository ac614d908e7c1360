package dev.onsale.proof.invariant;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CouponId;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Records the responses that clients received and compares them with the log. Thread-safe. */
public final class Acknowledgements {

    /** One request that was acknowledged. */
    private sealed interface Told {

        record SeatsHeld(ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) implements Told {}

        record PaymentTaken(ReservationId reservation, PaymentId payment) implements Told {}

        record Booked(ReservationId reservation) implements Told {}

        record Cancelled(ReservationId reservation) implements Told {}

        record CouponGiven(CouponId coupon, BuyerId buyer, int rank) implements Told {}
    }

    private final Queue<Told> told = new ConcurrentLinkedQueue<>();
    private final Queue<String> contradictions = new ConcurrentLinkedQueue<>();
    private final Set<BuyerId> inDoubt = ConcurrentHashMap.newKeySet();

    public void held(ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
        told.add(new Told.SeatsHeld(reservation, buyer, seats.stream().sorted().toList()));
    }

    public void paymentTaken(ReservationId reservation, PaymentId payment) {
        told.add(new Told.PaymentTaken(reservation, payment));
    }

    public void booked(ReservationId reservation) {
        told.add(new Told.Booked(reservation));
    }

    public void cancelled(ReservationId reservation) {
        told.add(new Told.Cancelled(reservation));
    }

    public void couponGiven(CouponId coupon, BuyerId buyer, int rank) {
        told.add(new Told.CouponGiven(coupon, buyer, rank));
    }

    /** Records that the same request, sent twice, got two different responses. */
    public void contradiction(String what) {
        contradictions.add(what);
    }

    /**
     * Marks a buyer with a request whose outcome is unknown. The log may have events of this buyer that were not
     * acknowledged.
     */
    public void inDoubt(BuyerId buyer) {
        inDoubt.add(buyer);
    }

    /**
     * The result of the comparison.
     *
     * @param told number of acknowledgements
     * @param lost acknowledgements without an event in the log
     * @param untold events that were not acknowledged, because the response was lost or its outcome is unknown
     */
    public record Comparison(long told, long lost, long untold) {}

    /**
     * Adds to {@code findings} each acknowledgement that is missing from the log and each event that contradicts a
     * refusal.
     */
    public Comparison compareWith(LogFold log, Findings findings) {
        long lost = told.stream().filter(yes -> isLost(yes, log, findings)).count();
        contradictions.forEach(what -> findings.add(Invariant.REPEATS_ARE_ONE, what));
        Set<Told> known = new HashSet<>(told);
        long untold = 0;
        for (var entry : log.reservations().reservations().entrySet()) {
            ReservationFold.Folded folded = entry.getValue();
            BuyerId buyer = folded.held.buyerId();
            untold += untold(
                    known,
                    new Told.SeatsHeld(entry.getKey(), buyer, ReservationFold.labels(folded.held.seats())),
                    buyer,
                    findings);
            for (PaymentId payment : folded.payments.keySet()) {
                untold += untold(known, new Told.PaymentTaken(entry.getKey(), payment), buyer, findings);
            }
            if (folded.cancelled != null) {
                untold += untold(known, new Told.Cancelled(entry.getKey()), buyer, findings);
            }
        }
        for (var coupon : log.campaigns().coupons()) {
            untold += untold(
                    known,
                    new Told.CouponGiven(coupon.couponId(), coupon.buyerId(), coupon.rank()),
                    coupon.buyerId(),
                    findings);
        }
        return new Comparison(told.size(), lost, untold);
    }

    private static boolean isLost(Told yes, LogFold log, Findings findings) {
        if (isInLog(yes, log)) {
            return false;
        }
        findings.add(Invariant.NO_LOST_ACKNOWLEDGEMENT, "Acknowledged but not in the log: " + yes);
        return true;
    }

    private static boolean isInLog(Told yes, LogFold log) {
        return switch (yes) {
            case Told.SeatsHeld held -> {
                ReservationFold.Folded folded =
                        log.reservations().reservations().get(held.reservation());
                yield folded != null
                        && folded.held.buyerId().equals(held.buyer())
                        && ReservationFold.labels(folded.held.seats()).equals(held.seats());
            }
            case Told.PaymentTaken payment -> {
                ReservationFold.Folded folded =
                        log.reservations().reservations().get(payment.reservation());
                yield folded != null && folded.payments.containsKey(payment.payment());
            }
            case Told.Booked booked -> {
                ReservationFold.Folded folded =
                        log.reservations().reservations().get(booked.reservation());
                yield folded != null && folded.confirmed != null;
            }
            case Told.Cancelled cancelled -> {
                ReservationFold.Folded folded =
                        log.reservations().reservations().get(cancelled.reservation());
                yield folded != null && folded.cancelled != null;
            }
            case Told.CouponGiven given -> {
                var coupon = log.campaigns().coupon(given.coupon());
                yield coupon != null
                        && Objects.equals(coupon.buyerId(), given.buyer())
                        && coupon.rank() == given.rank();
            }
        };
    }

    private long untold(Set<Told> known, Told fact, BuyerId buyer, Findings findings) {
        if (known.contains(fact)) {
            return 0;
        }
        if (!inDoubt.contains(buyer)) {
            findings.add(
                    Invariant.NO_REFUSED_FACT,
                    "In the log but not acknowledged: " + fact + "; all requests of " + buyer + " had a known outcome");
        }
        return 1;
    }
}
