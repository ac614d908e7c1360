package dev.onsale.saga.reservation;

import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.payment.PaymentAuthorized;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.api.payment.PaymentDeclined;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.payment.PaymentRefunded;
import dev.onsale.api.payment.PaymentVoided;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.PaymentFailed;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.api.reservation.ReservationHeld;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened to one reservation, in words. */
record Facts(
        ReservationId reservation,
        PerformanceId performance,
        BuyerId buyer,
        Money total,
        Instant heldAt,
        Instant heldUntil,
        Duration paymentWindow) {

    static final String REFERENCE = "auth-1";
    private static final SeatLabel SEAT = SeatLabel.of("D-14-1");

    static Facts ofAHold(Instant heldAt, Duration lasting, Duration paymentWindow) {
        return new Facts(
                new ReservationId(UUID.randomUUID()),
                new PerformanceId(UUID.randomUUID()),
                BuyerId.of("alice"),
                Money.of(4_900, "EUR"),
                heldAt,
                heldAt.plus(lasting),
                paymentWindow);
    }

    ReservationHeld held() {
        return new ReservationHeld(reservation, performance, buyer, seats(), total, heldUntil, heldAt);
    }

    PaymentRequested requested(PaymentId payment, String token, Instant at) {
        return new PaymentRequested(
                reservation,
                performance,
                buyer,
                payment,
                total,
                new PaymentMethod.Card(token),
                at.plus(paymentWindow),
                at);
    }

    PaymentAuthorized authorized(PaymentId payment, String reference, Instant at) {
        return new PaymentAuthorized(payment, reservation, performance, reference, at);
    }

    PaymentDeclined declined(PaymentId payment, String reason, Instant at) {
        return new PaymentDeclined(payment, reservation, performance, reason, at);
    }

    PaymentCaptured captured(PaymentId payment, Instant at) {
        return new PaymentCaptured(payment, reservation, performance, total, at);
    }

    PaymentVoided voided(PaymentId payment, String reason, Instant at) {
        return new PaymentVoided(payment, reservation, performance, reason, at);
    }

    PaymentRefunded refunded(PaymentId payment, Instant at) {
        return new PaymentRefunded(payment, reservation, performance, total, at);
    }

    PaymentFailed failed(PaymentId payment, String reason, Instant at) {
        return new PaymentFailed(reservation, performance, buyer, payment, reason, at);
    }

    ReservationConfirmed confirmed(PaymentId payment, Instant at) {
        return new ReservationConfirmed(reservation, performance, buyer, payment, seats(), total, at);
    }

    ReservationExpired expired(Instant at) {
        return new ReservationExpired(reservation, performance, buyer, List.of(SEAT), at);
    }

    ReservationCancelled cancelled(@Nullable PaymentId refundOf, Instant at) {
        return new ReservationCancelled(reservation, performance, buyer, List.of(SEAT), refundOf, at);
    }

    private List<HeldSeat> seats() {
        return List.of(new HeldSeat(SEAT, "Kategorie I", total, 7));
    }
}
