package dev.onsale.query.statistics;

import dev.onsale.api.reservation.BookingRevoked;
import dev.onsale.api.reservation.LatePaymentAccepted;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.query.consumption.ConsumerGroup;
import dev.onsale.query.consumption.ConsumptionOutcomes;
import dev.onsale.query.consumption.Fact;
import dev.onsale.query.consumption.FactOutOfPlaceException;
import dev.onsale.query.consumption.Facts;
import dev.onsale.query.consumption.Projection;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Counts the facts of reservations by performance and minute, each once. */
@Component
class SalesProjection implements Projection {

    private final JdbcOperations jdbc;
    private final SalesRepository sales;
    private final Ranking ranking;

    SalesProjection(JdbcOperations jdbc, SalesRepository sales, Ranking ranking) {
        this.jdbc = jdbc;
        this.sales = sales;
        this.ranking = ranking;
    }

    @Override
    public ConsumerGroup group() {
        return ConsumerGroup.STATISTICS;
    }

    @Override
    public void apply(Facts facts, ConsumptionOutcomes outcomes) {
        List<Fact<ReservationEvent>> batch = facts.of(ReservationEvent.class);
        if (batch.isEmpty()) {
            return;
        }
        Map<String, CountedReservation> changedReservations = new LinkedHashMap<>();
        Map<MinuteKey, SalesMinute> changedMinutes = new LinkedHashMap<>();
        Fold fold = new Fold(
                sales.findCounted(reservations(batch)).stream()
                        .collect(Collectors.toMap(CountedReservation::reservationId, Function.identity())),
                minutes(batch),
                changedReservations,
                changedMinutes,
                outcomes);
        batch.forEach(fold::take);
        CountedReservation.UPSERT.write(jdbc, changedReservations.values());
        SalesMinute.UPSERT.write(jdbc, changedMinutes.values());
        rankAfterCommit(changedMinutes.values());
    }

    static Set<String> reservations(List<Fact<ReservationEvent>> batch) {
        return batch.stream()
                .map(fact -> fact.event().reservationId().toString())
                .collect(Collectors.toSet());
    }

    static Set<MinuteKey> keys(List<Fact<ReservationEvent>> batch) {
        Set<MinuteKey> keys = new HashSet<>();
        for (Fact<ReservationEvent> fact : batch) {
            Instant at = countedAt(fact.event());
            if (at != null) {
                keys.add(MinuteKey.of(fact.event().performanceId().toString(), at));
            }
        }
        return keys;
    }

    private Map<MinuteKey, SalesMinute> minutes(List<Fact<ReservationEvent>> batch) {
        Set<MinuteKey> keys = keys(batch);
        Map<MinuteKey, SalesMinute> minutes = new HashMap<>();
        if (!keys.isEmpty()) {
            sales.findIn(
                            keys.stream().map(MinuteKey::performanceId).collect(Collectors.toSet()),
                            keys.stream().map(MinuteKey::minute).collect(Collectors.toSet()))
                    .forEach(minute -> minutes.put(minute.key(), minute));
        }
        return minutes;
    }

    /** When the fact moved seats; {@code null} if it moved none. */
    private static @Nullable Instant countedAt(ReservationEvent event) {
        return switch (event) {
            case ReservationHeld held -> held.heldAt();
            case LatePaymentAccepted late -> late.acceptedAt();
            case ReservationConfirmed confirmed -> confirmed.confirmedAt();
            case ReservationExpired expired -> expired.expiredAt();
            case ReservationCancelled cancelled -> cancelled.cancelledAt();
            case BookingRevoked revoked -> revoked.revokedAt();
            default -> null;
        };
    }

    private void rankAfterCommit(Collection<SalesMinute> minutes) {
        List<SalesMinute> sold =
                minutes.stream().filter(minute -> minute.seatsBooked() > 0).toList();
        if (!sold.isEmpty()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    ranking.sold(sold);
                }
            });
        }
    }

    /** The same for a batch of Kafka and for a rebuild. */
    static final class Fold {

        private final Map<String, CountedReservation> reservations;
        private final Map<MinuteKey, SalesMinute> minutes;
        private final Map<String, CountedReservation> changedReservations;
        private final Map<MinuteKey, SalesMinute> changedMinutes;
        private final ConsumptionOutcomes outcomes;

        Fold(
                Map<String, CountedReservation> reservations,
                Map<MinuteKey, SalesMinute> minutes,
                Map<String, CountedReservation> changedReservations,
                Map<MinuteKey, SalesMinute> changedMinutes,
                ConsumptionOutcomes outcomes) {
            this.reservations = reservations;
            this.minutes = minutes;
            this.changedReservations = changedReservations;
            this.changedMinutes = changedMinutes;
            this.outcomes = outcomes;
        }

        void take(Fact<ReservationEvent> fact) {
            String id = fact.event().reservationId().toString();
            if (fact.event() instanceof ReservationHeld held) {
                reservations.computeIfAbsent(id, unknown -> new CountedReservation(held));
            }
            CountedReservation reservation = reservations.get(id);
            if (reservation == null) {
                throw new FactOutOfPlaceException(fact, "reservation");
            }
            if (reservation.takes(fact, outcomes)) {
                changedReservations.put(id, reservation);
                Instant at = countedAt(fact.event());
                if (at != null) {
                    MinuteKey key = MinuteKey.of(fact.event().performanceId().toString(), at);
                    SalesMinute minute = minutes.computeIfAbsent(key, SalesMinute::new);
                    minute.at(fact.position());
                    count(fact.event(), reservation, minute);
                    changedMinutes.put(key, minute);
                }
            }
        }

        private static void count(ReservationEvent event, CountedReservation reservation, SalesMinute minute) {
            switch (event) {
                case ReservationHeld held -> minute.held(held.seats().size());
                case LatePaymentAccepted late -> minute.held(late.seats().size());
                case ReservationConfirmed confirmed -> {
                    reservation.book(confirmed);
                    minute.booked(confirmed.seats().size(), confirmed.total());
                }
                case ReservationExpired expired -> minute.givenUp(reservation.seats());
                case ReservationCancelled cancelled -> end(reservation, minute);
                case BookingRevoked revoked -> end(reservation, minute);
                default -> {}
            }
        }

        private static void end(CountedReservation reservation, SalesMinute minute) {
            if (reservation.isBooked()) {
                minute.returned(reservation.seats(), reservation.value());
                reservation.giveBack();
            } else {
                minute.givenUp(reservation.seats());
            }
        }
    }
}
