package dev.onsale.proof.invariant;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.payment.PaymentActionRequired;
import dev.onsale.api.payment.PaymentAuthorized;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.api.payment.PaymentDeclined;
import dev.onsale.api.payment.PaymentDelayed;
import dev.onsale.api.payment.PaymentDisputed;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.PaymentPartlyRefunded;
import dev.onsale.api.payment.PaymentRefundReported;
import dev.onsale.api.payment.PaymentRefunded;
import dev.onsale.api.payment.PaymentVoided;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.view.ReservationStatus;
import dev.onsale.proof.invariant.ReservationFold.Folded;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Folds the payment events: the state of each payment and the money it moved. */
final class PaymentFold {

    enum State {
        INITIATED,
        AUTHORIZED,
        DECLINED,
        CAPTURED,
        VOIDED,
        REFUNDED
    }

    private record Paying(ReservationId reservation, Money amount, State state) {
        Paying to(State next) {
            return new Paying(reservation, amount, next);
        }
    }

    private final Findings findings;
    private final Map<PaymentId, Paying> payments = new LinkedHashMap<>();
    private final Map<String, Long> capturedMinor = new TreeMap<>();
    private final Map<String, Long> refundedMinor = new TreeMap<>();
    private final Map<PaymentId, Set<Integer>> parts = new HashMap<>();
    private final Map<PaymentId, Long> backMinor = new HashMap<>();

    PaymentFold(Findings findings) {
        this.findings = findings;
    }

    void on(long position, PaymentEvent event) {
        Paying paying = payments.get(event.paymentId());
        if (event instanceof PaymentInitiated initiated) {
            if (paying != null) {
                broken(event.paymentId(), "is opened twice, at position " + position);
            }
            payments.put(
                    initiated.paymentId(), new Paying(initiated.reservationId(), initiated.amount(), State.INITIATED));
            return;
        }
        if (paying == null) {
            broken(event.paymentId(), "has a fact before it was opened, at position " + position);
            return;
        }
        switch (event) {
            case PaymentInitiated initiated -> throw new IllegalStateException("handled above");
            case PaymentAuthorized fact -> move(position, event, paying, State.AUTHORIZED, EnumSet.of(State.INITIATED));
            case PaymentDelayed fact -> {
                if (paying.state() != State.INITIATED) {
                    broken(event.paymentId(), "is delayed although it has an outcome, at position " + position);
                }
            }
            case PaymentActionRequired fact -> {
                if (paying.state() != State.INITIATED) {
                    broken(
                            event.paymentId(),
                            "waits for its buyer although it has an outcome, at position " + position);
                }
            }
            // A report about the gateway's books. What follows for the payment is a separate event.
            case PaymentRefundReported fact -> {}
            case PaymentDisputed fact -> {}
            case PaymentDeclined fact -> move(position, event, paying, State.DECLINED, EnumSet.of(State.INITIATED));
            case PaymentVoided fact ->
                move(position, event, paying, State.VOIDED, EnumSet.of(State.INITIATED, State.AUTHORIZED));
            case PaymentCaptured fact -> {
                move(position, event, paying, State.CAPTURED, EnumSet.of(State.AUTHORIZED));
                moved(position, paying, event.paymentId(), fact.amount(), capturedMinor);
            }
            case PaymentPartlyRefunded fact -> {
                if (paying.state() != State.CAPTURED && paying.state() != State.REFUNDED) {
                    broken(
                            event.paymentId(),
                            "gives a part back and was " + paying.state() + ", at position " + position);
                }
                if (!parts.computeIfAbsent(event.paymentId(), id -> new HashSet<>())
                        .add(fact.part())) {
                    broken(event.paymentId(), "gives part " + fact.part() + " back twice, at position " + position);
                }
                givenBack(position, paying, event.paymentId(), fact.amount());
            }
            case PaymentRefunded fact -> {
                move(position, event, paying, State.REFUNDED, EnumSet.of(State.CAPTURED));
                givenBack(position, paying, event.paymentId(), fact.amount());
            }
        }
    }

    /** Parts and the rest never exceed what was paid. */
    private void givenBack(long position, Paying paying, PaymentId id, Money amount) {
        long sum = backMinor.merge(id, amount.minorUnits(), Long::sum);
        if (sum > paying.amount().minorUnits()
                || !amount.currency().equals(paying.amount().currency())) {
            broken(id, "gives back " + sum + " of " + paying.amount() + ", at position " + position);
        }
        refundedMinor.merge(amount.currency().getCurrencyCode(), amount.minorUnits(), Long::sum);
    }

    private void move(long position, PaymentEvent event, Paying paying, State next, Set<State> from) {
        if (!from.contains(paying.state())) {
            broken(event.paymentId(), "was " + paying.state() + " and becomes " + next + ", at position " + position);
        }
        payments.put(event.paymentId(), paying.to(next));
    }

    private void moved(long position, Paying paying, PaymentId id, Money amount, Map<String, Long> sum) {
        if (!amount.equals(paying.amount())) {
            broken(id, "moves " + amount + " instead of " + paying.amount() + ", at position " + position);
        }
        sum.merge(amount.currency().getCurrencyCode(), amount.minorUnits(), Long::sum);
    }

    /** At the end of a complete log, money was taken if and only if the seats are booked. */
    void compareWith(ReservationFold reservations) {
        Map<String, Long> bookedMinor = new TreeMap<>();
        reservations.reservations().forEach((id, folded) -> {
            if (folded.status == ReservationStatus.CONFIRMED && folded.confirmed != null) {
                Money total = amountDue(folded);
                // What seats of the booking gave back when they were cancelled is not kept.
                bookedMinor.merge(
                        total.currency().getCurrencyCode(),
                        total.minorUnits() - ReservationFold.partsMinor(folded),
                        Long::sum);
                requireBack(folded.confirmed.paymentId(), ReservationFold.partsMinor(folded));
                requireCaptured(id, folded.confirmed.paymentId(), total);
            }
        });
        payments.forEach((id, paying) ->
                requireEnded(id, paying, reservations.reservations().get(paying.reservation())));
        Map<String, Long> kept = new TreeMap<>(capturedMinor);
        refundedMinor.forEach((currency, minor) -> kept.merge(currency, -minor, Long::sum));
        kept.values().removeIf(minor -> minor == 0);
        bookedMinor.values().removeIf(minor -> minor == 0);
        if (!kept.equals(bookedMinor)) {
            findings.add(
                    Invariant.MONEY_MATCHES_BOOKINGS,
                    "Captured less refunded is " + kept + " minor units, confirmed reservations are " + bookedMinor);
        }
    }

    /** The amount that was requested. A coupon may have reduced it; {@link ReservationFold} checks that. */
    private static Money amountDue(Folded folded) {
        PaymentRequested requested =
                folded.confirmed == null ? null : folded.payments.get(folded.confirmed.paymentId());
        return requested == null ? folded.held.total() : requested.amount();
    }

    /** Whether the log has the payment. The export of a campaign or a wallet has no payments. */
    boolean isKnown(PaymentId payment) {
        return payments.containsKey(payment);
    }

    /** Whether the payment was captured and not refunded. */
    boolean isKept(PaymentId payment) {
        Paying paying = payments.get(payment);
        return paying != null && paying.state() == State.CAPTURED;
    }

    private void requireBack(PaymentId payment, long expected) {
        long back = backMinor.getOrDefault(payment, 0L);
        if (back != expected) {
            broken(payment, "has given back " + back + " in parts, its cancelled seats ask for " + expected);
        }
    }

    private void requireCaptured(ReservationId reservation, PaymentId payment, Money total) {
        Paying paying = payments.get(payment);
        if (paying == null || paying.state() != State.CAPTURED) {
            findings.add(
                    Invariant.MONEY_MATCHES_BOOKINGS,
                    "Reservation " + reservation + " is confirmed and its payment " + payment + " is "
                            + (paying == null ? "not in the log" : paying.state() + ", not captured"));
        } else if (!paying.amount().equals(total)) {
            broken(payment, "is over " + paying.amount() + ", the amount due is " + total);
        }
    }

    private void requireEnded(PaymentId id, Paying paying, @Nullable Folded reservation) {
        boolean confirmedByIt = reservation != null
                && reservation.status == ReservationStatus.CONFIRMED
                && reservation.confirmed != null
                && reservation.confirmed.paymentId().equals(id);
        if (confirmedByIt) {
            return;
        }
        String of = "of reservation " + paying.reservation() + ", which is "
                + (reservation == null ? "not in the log" : reservation.status);
        long back = backMinor.getOrDefault(id, 0L);
        if (paying.state() == State.REFUNDED && back != paying.amount().minorUnits()) {
            broken(id, "has given back " + back + " of " + paying.amount() + " " + of);
        }
        if (paying.state() == State.CAPTURED) {
            broken(id, "was captured without a confirmation " + of);
        } else if (paying.state() == State.AUTHORIZED) {
            broken(id, "stays authorised, neither captured nor given back, " + of);
        } else if (paying.state() == State.INITIATED) {
            broken(id, "has no outcome " + of);
        }
    }

    /**
     * Number of payments without an outcome, and of confirmed or cancelled reservations whose money still has to move.
     */
    long unsettled(ReservationFold reservations) {
        long open = payments.values().stream()
                .filter(paying -> paying.state() == State.INITIATED || paying.state() == State.AUTHORIZED)
                .count();
        long refunds = payments.entrySet().stream()
                .filter(entry -> entry.getValue().state() == State.CAPTURED)
                .filter(entry -> {
                    Folded of = reservations.reservations().get(entry.getValue().reservation());
                    return of != null
                            && (of.status == ReservationStatus.CANCELLED
                                    || backMinor.getOrDefault(entry.getKey(), 0L) < ReservationFold.partsMinor(of));
                })
                .count();
        return open + refunds;
    }

    private void broken(PaymentId payment, String what) {
        findings.add(Invariant.MONEY_MATCHES_BOOKINGS, "Payment " + payment + " " + what);
    }

    Map<String, Long> capturedMinor() {
        return Map.copyOf(capturedMinor);
    }

    Map<String, Long> refundedMinor() {
        return Map.copyOf(refundedMinor);
    }

    long count(State state) {
        return payments.values().stream()
                .filter(paying -> paying.state() == state)
                .count();
    }
}
