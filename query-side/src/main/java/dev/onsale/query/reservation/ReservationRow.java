package dev.onsale.query.reservation;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
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
import dev.onsale.api.view.NextStep;
import dev.onsale.api.view.PaymentStatus;
import dev.onsale.api.view.PaymentView;
import dev.onsale.api.view.ReservationStatus;
import dev.onsale.api.view.ReservationView;
import dev.onsale.query.column.JsonText;
import dev.onsale.query.readmodel.VersionedRow;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** One reservation, as its own facts tell it. */
@Entity
@Immutable
@Table(name = "reservation_view")
class ReservationRow extends VersionedRow {

    @Id
    private String reservationId;

    private String performanceId;

    private String buyerId;

    @Enumerated(EnumType.STRING)
    private ReservationStatus status = ReservationStatus.HELD;

    @Convert(converter = SeatsJson.class)
    private List<HeldSeat> seats;

    private long totalMinorUnits;

    private String currency;
    private Instant heldUntil;

    private @Nullable String paymentId;

    private @Nullable String paymentFailure;
    private @Nullable Instant payBefore;
    private @Nullable String discountPaymentId;
    private @Nullable Long discountMinorUnits;

    private @Nullable String sealedContact;
    private @Nullable String cancelReason;

    private long firstPosition;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    protected ReservationRow() {}

    ReservationRow(ReservationHeld held, long position) {
        reservationId = held.reservationId().toString();
        performanceId = held.performanceId().toString();
        buyerId = held.buyerId().toString();
        seats = held.seats();
        totalMinorUnits = held.total().minorUnits();
        currency = held.total().currency().getCurrencyCode();
        heldUntil = held.heldUntil();
        firstPosition = position;
    }

    void become(ReservationEvent event) {
        status = switch (event) {
            case ReservationHeld held -> ReservationStatus.HELD;
            case PaymentDiscounted discounted -> {
                discountPaymentId = discounted.paymentId().toString();
                discountMinorUnits = discounted.discount().minorUnits();
                yield status;
            }
            case PaymentRequested requested -> {
                payBefore = requested.payBefore();
                paymentId = requested.paymentId().toString();
                paymentFailure = null;
                // A second try that says nothing about it does not take back what the first one said.
                sealedContact = requested.contact() == null
                        ? sealedContact
                        : requested.contact().value();
                yield ReservationStatus.PAYMENT_PENDING;
            }
            case PaymentFailed failed -> {
                paymentId = failed.paymentId().toString();
                paymentFailure = failed.reason();
                yield ReservationStatus.HELD;
            }
            case ReservationConfirmed confirmed -> {
                paymentId = confirmed.paymentId().toString();
                paymentFailure = null;
                yield ReservationStatus.CONFIRMED;
            }
            case ReservationExpired expired -> ReservationStatus.EXPIRED;
            case LatePaymentAccepted accepted -> {
                seats = accepted.seats();
                yield ReservationStatus.PAYMENT_PENDING;
            }
            case LatePaymentRejected rejected -> {
                paymentFailure = rejected.reason();
                yield ReservationStatus.EXPIRED;
            }
            case BookingRevoked revoked -> {
                paymentFailure = revoked.reason();
                cancelReason = revoked.reason();
                yield ReservationStatus.CANCELLED;
            }
            case ReservationPartlyCancelled part -> {
                seats = seats.stream()
                        .filter(seat -> !part.seats().contains(seat.seat()))
                        .toList();
                totalMinorUnits = part.total().minorUnits();
                yield status;
            }
            case ReservationCancelled cancelled -> {
                cancelReason = cancelled.reason();
                yield ReservationStatus.CANCELLED;
            }
        };
    }

    ReservationView view(@Nullable PaymentRow payment) {
        return new ReservationView(
                ReservationId.of(reservationId),
                PerformanceId.of(performanceId),
                status,
                seats,
                Money.of(totalMinorUnits, currency),
                heldUntil,
                discount(),
                next(paymentId == null ? null : payment(PaymentId.of(paymentId), payment)),
                paymentId == null ? null : payment(PaymentId.of(paymentId), payment),
                null);
    }

    private @Nullable Money discount() {
        return discountMinorUnits == null || !Objects.equals(discountPaymentId, paymentId)
                ? null
                : Money.of(discountMinorUnits, currency);
    }

    private NextStep next(@Nullable PaymentView payment) {
        String reason = payment == null ? null : payment.reason();
        return switch (status) {
            case HELD ->
                new NextStep(
                        paymentFailure == null ? NextStep.Action.PAY : NextStep.Action.PAY_AGAIN, heldUntil, reason);
            case PAYMENT_PENDING ->
                new NextStep(
                        payment != null && payment.status() == PaymentStatus.ACTION_REQUIRED
                                ? NextStep.Action.AUTHENTICATE
                                : NextStep.Action.WAIT,
                        payBefore,
                        reason);
            case CONFIRMED -> new NextStep(NextStep.Action.CANCEL, null, null);
            case EXPIRED -> new NextStep(NextStep.Action.NONE, null, reason);
            case CANCELLED -> new NextStep(NextStep.Action.NONE, null, reason == null ? cancelReason : reason);
        };
    }

    private PaymentView payment(PaymentId id, @Nullable PaymentRow payment) {
        PaymentStatus told = payment == null ? PaymentStatus.REQUESTED : payment.status();
        String reason = payment == null ? null : payment.reason();
        // The reservation may have given a payment up before the payment's own facts say how it ended.
        boolean open = told == PaymentStatus.REQUESTED
                || told == PaymentStatus.ACTION_REQUIRED
                || told == PaymentStatus.AUTHORIZED;
        return new PaymentView(
                id,
                paymentFailure != null && open ? PaymentStatus.FAILED : told,
                reason == null ? paymentFailure : reason,
                payment == null ? null : payment.amount(),
                null,
                payment == null ? null : payment.refunded());
    }

    String reservationId() {
        return reservationId;
    }

    String buyerId() {
        return buyerId;
    }

    @Nullable
    String paymentId() {
        return paymentId;
    }

    @Nullable
    String sealedContact() {
        return sealedContact;
    }

    long firstPosition() {
        return firstPosition;
    }

    static final class SeatsJson extends JsonText<List<HeldSeat>> {
        SeatsJson() {
            super(new TypeReference<>() {});
        }
    }
}
