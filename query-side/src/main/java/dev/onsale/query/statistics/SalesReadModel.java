package dev.onsale.query.statistics;

import dev.onsale.api.reservation.BookingRevoked;
import dev.onsale.api.reservation.LatePaymentAccepted;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.reservation.ReservationPartlyCancelled;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.FactOutOfPlaceException;
import dev.onsale.query.readmodel.Keys;
import dev.onsale.query.readmodel.ReadModel;
import dev.onsale.query.readmodel.ReadModelName;
import dev.onsale.query.readmodel.Rows;
import dev.onsale.query.readmodel.Table;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Counts the facts of reservations by performance and minute, each once: what was counted of each reservation is kept with
 * the counters.
 */
@Component
class SalesReadModel extends ReadModel<ReservationEvent> {

    private static final Table<String, CountedReservation> RESERVATIONS =
            Table.of(CountedReservation.class, CountedReservation::reservationId);
    private static final Table<MinuteKey, SalesMinute> MINUTES = Table.of(
                    SalesMinute.class, SalesMinute::key, MinuteKey::performanceId, MinuteKey::minute)
            .guardedBy("facts");

    private final Ranking ranking;

    SalesReadModel(Ranking ranking) {
        super(ReadModelName.SALES_STATISTICS, List.of(ReservationEvent.class), RESERVATIONS, MINUTES);
        this.ranking = ranking;
    }

    @Override
    protected void keys(ReservationEvent event, Keys keys) {
        keys.add(RESERVATIONS, event.reservationId().toString());
        MinuteKey minute = minuteOf(event);
        if (minute != null) {
            keys.add(MINUTES, minute);
        }
    }

    /** The minute in which the event moved seats; {@code null} if it moved none. */
    private static @Nullable MinuteKey minuteOf(ReservationEvent event) {
        Instant at =
                switch (event) {
                    case ReservationHeld held -> held.heldAt();
                    case LatePaymentAccepted late -> late.acceptedAt();
                    case ReservationConfirmed confirmed -> confirmed.confirmedAt();
                    case ReservationExpired expired -> expired.expiredAt();
                    case ReservationCancelled cancelled -> cancelled.cancelledAt();
                    case ReservationPartlyCancelled part -> part.at();
                    case BookingRevoked revoked -> revoked.revokedAt();
                    default -> null;
                };
        return at == null ? null : MinuteKey.of(event.performanceId().toString(), at);
    }

    @Override
    protected void fold(Fact<ReservationEvent> fact, Rows rows) {
        ReservationEvent event = fact.event();
        String id = event.reservationId().toString();
        CountedReservation reservation = rows.findOrAdd(
                RESERVATIONS,
                id,
                unknown -> event instanceof ReservationHeld held ? new CountedReservation(held) : null);
        if (reservation == null) {
            throw new FactOutOfPlaceException(fact, "reservation");
        }
        if (!reservation.takes(fact, rows.outcomes())) {
            return;
        }
        rows.changed(RESERVATIONS, id, reservation);
        MinuteKey key = minuteOf(event);
        if (key != null) {
            SalesMinute minute = Objects.requireNonNull(rows.findOrAdd(MINUTES, key, SalesMinute::new));
            minute.at(fact.position());
            count(event, reservation, minute);
            rows.changed(MINUTES, key, minute);
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
            case ReservationPartlyCancelled part -> {
                if (reservation.isBooked()) {
                    minute.returned(part.seats().size(), reservation.value().minus(part.total()));
                } else {
                    minute.givenUp(part.seats().size());
                }
                reservation.shrink(part);
            }
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

    @Override
    protected void folded(List<Fact<ReservationEvent>> batch, Rows rows) {
        List<SalesMinute> sold = rows.changed(MINUTES).stream()
                .filter(minute -> minute.seatsBooked() > 0)
                .toList();
        if (!sold.isEmpty()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    ranking.sold(sold);
                }
            });
        }
    }
}
