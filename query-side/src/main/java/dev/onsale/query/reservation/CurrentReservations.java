package dev.onsale.query.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.eventlog.StoredEvent;
import dev.onsale.query.past.HistoricalLog;
import dev.onsale.query.past.HistoricalLog.Newer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;

/**
 * Reservations with every fact that is stored. The rows follow the log through Kafka and may be behind it; what a row has not
 * seen yet, and reservations that have no row yet, are read from the log. A page costs three statements more, whatever is on
 * it.
 */
@Component
class CurrentReservations {

    private static final String AGGREGATE_TYPE = "Reservation";

    private final ReservationRepository reservations;
    private final HistoricalLog log;

    CurrentReservations(ReservationRepository reservations, HistoricalLog log) {
        this.reservations = reservations;
        this.log = log;
    }

    Optional<PaidReservation> find(ReservationId id) {
        return reservations.findPaid(id.toString()).or(() -> firstFact(id)).map(paid -> current(List.of(paid))
                .getFirst());
    }

    /** A page of the buyer's reservations, the newest first. */
    List<PaidReservation> newestOf(BuyerId buyer, long before, Limit fetch) {
        Map<String, PaidReservation> known = new HashMap<>();
        reservations
                .findNewestOf(buyer.toString(), before, fetch)
                .forEach(paid -> known.put(paid.reservation().reservationId(), paid));
        log.newestOfBuyer(buyer, List.of(ReservationHeld.class), before, fetch.max())
                .forEach(first -> known.computeIfAbsent(first.aggregateId(), unknown -> fromFirst(first)));
        return current(known.values().stream()
                .sorted(Comparator.comparingLong(
                                (PaidReservation paid) -> paid.reservation().firstPosition())
                        .reversed())
                .limit(fetch.max())
                .toList());
    }

    /** A reservation that the rows do not have yet. An id of another kind costs one row. */
    private Optional<PaidReservation> firstFact(ReservationId id) {
        return log.first(id.toString(), AGGREGATE_TYPE)
                .filter(first -> log.fact(first, ReservationEvent.class) instanceof ReservationHeld)
                .map(this::fromFirst);
    }

    private PaidReservation fromFirst(StoredEvent first) {
        return new PaidReservation(new ReservationRow(log.fact(first, ReservationHeld.class), first.position()), null);
    }

    private List<PaidReservation> current(List<PaidReservation> rows) {
        Map<String, Long> known = new HashMap<>();
        for (PaidReservation row : rows) {
            known.put(row.reservation().reservationId(), row.reservation().sequence());
            addPayment(row.reservation(), row.payment(), known);
        }
        Newer newer = log.newerThan(known);
        Map<String, Long> payments = new HashMap<>();
        for (PaidReservation row : rows) {
            ReservationRow reservation = row.reservation();
            String payment = reservation.paymentId();
            newer.of(reservation.reservationId())
                    .forEach(event -> reservation.become(log.fact(event, ReservationEvent.class)));
            if (reservation.paymentId() != null && !reservation.paymentId().equals(payment)) {
                addPayment(reservation, null, payments);
            }
        }
        Newer newPayments = log.newerThan(payments);
        List<PaidReservation> current = new ArrayList<>();
        for (PaidReservation row : rows) {
            String payment = row.reservation().paymentId();
            boolean isNew = payment != null && payments.containsKey(payment);
            current.add(new PaidReservation(
                    row.reservation(),
                    payment == null
                            ? null
                            : folded(isNew ? null : row.payment(), (isNew ? newPayments : newer).of(payment))));
        }
        return current;
    }

    private static void addPayment(
            ReservationRow reservation, @Nullable PaymentRow payment, Map<String, Long> sequences) {
        String id = reservation.paymentId();
        if (id != null) {
            sequences.put(id, payment == null ? -1 : payment.sequence());
        }
    }

    private @Nullable PaymentRow folded(@Nullable PaymentRow known, List<StoredEvent> newer) {
        @Nullable PaymentRow row = known;
        for (StoredEvent event : newer) {
            PaymentEvent fact = log.fact(event, PaymentEvent.class);
            row = row == null ? new PaymentRow(fact) : row;
            row.become(fact);
        }
        return row;
    }
}
