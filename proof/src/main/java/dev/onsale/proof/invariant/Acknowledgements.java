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
    private sealed interface Acknowledgement {

        record SeatsHeld(ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) implements Acknowledgement {}

        record PaymentTaken(ReservationId reservation, PaymentId payment) implements Acknowledgement {}

        record Booked(ReservationId reservation) implements Acknowledgement {}

        record Cancelled(ReservationId reservation) implements Acknowledgement {}

        record CouponGiven(CouponId coupon, BuyerId buyer, int rank) implements Acknowledgement {}
    }

    private final Queue<Acknowledgement> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<String> contradictions = new ConcurrentLinkedQueue<>();
    private final Set<BuyerId> inDoubt = ConcurrentHashMap.newKeySet();

    public void held(ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
        acknowledged.add(new Acknowledgement.SeatsHeld(
                reservation, buyer, seats.stream().sorted().toList()));
    }

    public void paymentTaken(ReservationId reservation, PaymentId payment) {
        acknowledged.add(new Acknowledgement.PaymentTaken(reservation, payment));
    }

    public void booked(ReservationId reservation) {
        acknowledged.add(new Acknowledgement.Booked(reservation));
    }

    public void cancelled(ReservationId reservation) {
        acknowledged.add(new Acknowledgement.Cancelled(reservation));
    }

    public void couponGiven(CouponId coupon, BuyerId buyer, int rank) {
        acknowledged.add(new Acknowledgement.CouponGiven(coupon, buyer, rank));
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
        long lost = acknowledged.stream()
                .filter(acknowledgement -> isLost(acknowledgement, log, findings))
                .count();
        contradictions.forEach(what -> findings.add(Invariant.REPEATS_ARE_ONE, what));
        Set<Acknowledgement> known = new HashSet<>(acknowledged);
        long untold = 0;
        for (var entry : log.reservations().reservations().entrySet()) {
            ReservationFold.Folded folded = entry.getValue();
            BuyerId buyer = folded.held.buyerId();
            untold += untold(
                    known,
                    new Acknowledgement.SeatsHeld(entry.getKey(), buyer, ReservationFold.labels(folded.held.seats())),
                    buyer,
                    findings);
            for (PaymentId payment : folded.payments.keySet()) {
                untold += untold(known, new Acknowledgement.PaymentTaken(entry.getKey(), payment), buyer, findings);
            }
            if (folded.cancelled != null) {
                untold += untold(known, new Acknowledgement.Cancelled(entry.getKey()), buyer, findings);
            }
        }
        for (var coupon : log.campaigns().coupons()) {
            untold += untold(
                    known,
                    new Acknowledgement.CouponGiven(coupon.couponId(), coupon.buyerId(), coupon.rank()),
                    coupon.buyerId(),
                    findings);
        }
        return new Comparison(acknowledged.size(), lost, untold);
    }

    private static boolean isLost(Acknowledgement acknowledgement, LogFold log, Findings findings) {
        if (isInLog(acknowledgement, log)) {
            return false;
        }
        findings.add(Invariant.NO_LOST_ACKNOWLEDGEMENT, "Acknowledged but not in the log: " + acknowledgement);
        return true;
    }

    private static boolean isInLog(Acknowledgement acknowledgement, LogFold log) {
        return switch (acknowledgement) {
            case Acknowledgement.SeatsHeld held -> {
                ReservationFold.Folded folded =
                        log.reservations().reservations().get(held.reservation());
                yield folded != null
                        && folded.held.buyerId().equals(held.buyer())
                        && ReservationFold.labels(folded.held.seats()).equals(held.seats());
            }
            case Acknowledgement.PaymentTaken payment -> {
                ReservationFold.Folded folded =
                        log.reservations().reservations().get(payment.reservation());
                yield folded != null && folded.payments.containsKey(payment.payment());
            }
            case Acknowledgement.Booked booked -> {
                ReservationFold.Folded folded =
                        log.reservations().reservations().get(booked.reservation());
                yield folded != null && folded.confirmed != null;
            }
            case Acknowledgement.Cancelled cancelled -> {
                ReservationFold.Folded folded =
                        log.reservations().reservations().get(cancelled.reservation());
                yield folded != null && folded.cancelled != null;
            }
            case Acknowledgement.CouponGiven given -> {
                var coupon = log.campaigns().coupon(given.coupon());
                yield coupon != null
                        && Objects.equals(coupon.buyerId(), given.buyer())
                        && coupon.rank() == given.rank();
            }
        };
    }

    private long untold(Set<Acknowledgement> known, Acknowledgement fact, BuyerId buyer, Findings findings) {
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
