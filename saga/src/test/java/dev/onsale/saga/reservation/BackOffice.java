package dev.onsale.saga.reservation;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.coupon.RedeemCoupon;
import dev.onsale.api.coupon.RestoreCoupon;
import dev.onsale.api.payment.InitiatePayment;
import dev.onsale.api.payment.PaymentActionRequired;
import dev.onsale.api.payment.PaymentAuthorized;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.api.payment.PaymentDeclined;
import dev.onsale.api.payment.PaymentDisputed;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.PaymentRefundReported;
import dev.onsale.api.payment.PaymentRefunded;
import dev.onsale.api.payment.PaymentVoided;
import dev.onsale.api.payment.RecordActionRequired;
import dev.onsale.api.payment.RecordAuthorization;
import dev.onsale.api.payment.RecordCapture;
import dev.onsale.api.payment.RecordDecline;
import dev.onsale.api.payment.RecordDelay;
import dev.onsale.api.payment.RecordDispute;
import dev.onsale.api.payment.RecordRefund;
import dev.onsale.api.payment.RecordRefundReport;
import dev.onsale.api.payment.RecordVoid;
import dev.onsale.api.reservation.BookingRevoked;
import dev.onsale.api.reservation.ConfirmReservation;
import dev.onsale.api.reservation.ExpireReservation;
import dev.onsale.api.reservation.FailPayment;
import dev.onsale.api.reservation.PaymentFailed;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.reservation.RevokeBooking;
import dev.onsale.api.view.PaymentStatus;
import dev.onsale.api.wallet.DebitPoints;
import dev.onsale.api.wallet.RefundPoints;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for the command side, which this module must not see: the contract of the commands in few lines, deciding on
 * the facts in the real event store, so that it forgets nothing over a restart either.
 */
final class BackOffice {

    final List<OnsaleCommand> received = new CopyOnWriteArrayList<>();
    final Set<Class<? extends OnsaleCommand>> outOfOrder = ConcurrentHashMap.newKeySet();
    volatile @Nullable RefusalCode confirmationsRefusedWith;
    volatile boolean cancelsWhatItConfirms;

    private final EventStore store;
    private final TransactionManager transactions;
    private final Clock clock;

    BackOffice(EventStore store, TransactionManager transactions, Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Writes facts as the command side would have. */
    void happened(ReservationEvent... facts) {
        for (ReservationEvent fact : facts) {
            transactions.executeInTransaction(() -> append(fact));
        }
    }

    List<OnsaleEvent> historyOf(Object aggregateId) {
        return transactions.fetchInTransaction(() -> store.readEvents(aggregateId.toString())
                .asStream()
                .map(event -> (OnsaleEvent) event.getPayload())
                .toList());
    }

    @CommandHandler
    PaymentStatus handle(InitiatePayment command) {
        received(command);
        if (historyOf(command.paymentId()).isEmpty()) {
            append(new PaymentInitiated(
                    command.paymentId(),
                    command.reservationId(),
                    command.performanceId(),
                    command.buyerId(),
                    command.amount(),
                    command.method(),
                    clock.instant()));
        }
        return switch (historyOf(command.paymentId()).getLast()) {
            case PaymentActionRequired fact -> PaymentStatus.ACTION_REQUIRED;
            case PaymentAuthorized fact -> PaymentStatus.AUTHORIZED;
            case PaymentDeclined fact -> PaymentStatus.DECLINED;
            case PaymentCaptured fact -> PaymentStatus.CAPTURED;
            case PaymentVoided fact -> PaymentStatus.VOIDED;
            case PaymentRefunded fact -> PaymentStatus.REFUNDED;
            default -> PaymentStatus.REQUESTED;
        };
    }

    @CommandHandler
    void handle(RecordDelay command) {
        received(command);
    }

    @CommandHandler
    void handle(RecordActionRequired command) {
        received(command);
        PaymentInitiated payment = opened(command.paymentId());
        if (move(command.paymentId(), PaymentInitiated.class, PaymentActionRequired.class)) {
            append(new PaymentActionRequired(
                    payment.paymentId(),
                    payment.reservationId(),
                    payment.performanceId(),
                    command.gatewayReference(),
                    command.clientSecret(),
                    clock.instant()));
        }
    }

    @CommandHandler
    boolean handle(RecordRefundReport command) {
        received(command);
        PaymentInitiated payment = opened(command.paymentId());
        boolean isTold = historyOf(command.paymentId()).stream()
                .anyMatch(fact -> fact instanceof PaymentRefundReported told
                        && told.refundReference().equals(command.refundReference())
                        && told.status() == command.status());
        if (!isTold) {
            append(new PaymentRefundReported(
                    payment.paymentId(),
                    payment.reservationId(),
                    payment.performanceId(),
                    command.refundReference(),
                    command.amount(),
                    command.status(),
                    command.failureReason(),
                    clock.instant()));
        }
        return !isTold;
    }

    @CommandHandler
    void handle(RecordDispute command) {
        received(command);
        PaymentInitiated payment = opened(command.paymentId());
        append(new PaymentDisputed(
                payment.paymentId(),
                payment.reservationId(),
                payment.performanceId(),
                command.disputeReference(),
                command.amount(),
                command.status(),
                command.reason(),
                clock.instant()));
    }

    @CommandHandler
    void handle(RedeemCoupon command) {
        received(command);
    }

    @CommandHandler
    void handle(RestoreCoupon command) {
        received(command);
    }

    @CommandHandler
    void handle(DebitPoints command) {
        received(command);
    }

    @CommandHandler
    void handle(RefundPoints command) {
        received(command);
    }

    /** As the command side does: a booking is taken back once. */
    @CommandHandler
    void handle(RevokeBooking command) {
        received(command);
        List<OnsaleEvent> history = historyOf(command.reservationId());
        if (history.getLast() instanceof ReservationConfirmed confirmed
                && confirmed.paymentId().equals(command.paymentId())) {
            append(new BookingRevoked(
                    confirmed.reservationId(),
                    confirmed.performanceId(),
                    confirmed.buyerId(),
                    confirmed.paymentId(),
                    List.of(),
                    command.reason(),
                    clock.instant()));
        }
    }

    @CommandHandler
    void handle(RecordAuthorization command) {
        received(command);
        PaymentInitiated payment = opened(command.paymentId());
        if (move(command.paymentId(), PaymentInitiated.class, PaymentAuthorized.class)) {
            append(new PaymentAuthorized(
                    payment.paymentId(),
                    payment.reservationId(),
                    payment.performanceId(),
                    command.gatewayReference(),
                    clock.instant()));
        }
    }

    @CommandHandler
    void handle(RecordDecline command) {
        received(command);
        PaymentInitiated payment = opened(command.paymentId());
        if (move(command.paymentId(), PaymentInitiated.class, PaymentDeclined.class)) {
            append(new PaymentDeclined(
                    payment.paymentId(),
                    payment.reservationId(),
                    payment.performanceId(),
                    command.reason(),
                    clock.instant()));
        }
    }

    @CommandHandler
    void handle(RecordCapture command) {
        received(command);
        PaymentInitiated payment = opened(command.paymentId());
        if (move(command.paymentId(), PaymentAuthorized.class, PaymentCaptured.class)) {
            append(new PaymentCaptured(
                    payment.paymentId(),
                    payment.reservationId(),
                    payment.performanceId(),
                    payment.amount(),
                    clock.instant()));
        }
    }

    @CommandHandler
    void handle(RecordVoid command) {
        received(command);
        PaymentInitiated payment = opened(command.paymentId());
        if (move(command.paymentId(), PaymentAuthorized.class, PaymentVoided.class)) {
            append(new PaymentVoided(
                    payment.paymentId(),
                    payment.reservationId(),
                    payment.performanceId(),
                    command.reason(),
                    clock.instant()));
        }
    }

    @CommandHandler
    void handle(RecordRefund command) {
        received(command);
        PaymentInitiated payment = opened(command.paymentId());
        if (move(command.paymentId(), PaymentCaptured.class, PaymentRefunded.class)) {
            append(new PaymentRefunded(
                    payment.paymentId(),
                    payment.reservationId(),
                    payment.performanceId(),
                    payment.amount(),
                    clock.instant()));
        }
    }

    @CommandHandler
    void handle(ConfirmReservation command) {
        received(command);
        RefusalCode refusal = confirmationsRefusedWith;
        if (refusal != null) {
            throw new RefusedException(refusal, "as the test wants it");
        }
        List<OnsaleEvent> history = historyOf(command.reservationId());
        if (history.stream().anyMatch(ReservationConfirmed.class::isInstance)) {
            return;
        }
        if (history.stream().anyMatch(ReservationExpired.class::isInstance)) {
            throw new RefusedException(RefusalCode.HOLD_EXPIRED, "too late");
        }
        ReservationHeld held = (ReservationHeld) history.get(0);
        append(new ReservationConfirmed(
                held.reservationId(),
                held.performanceId(),
                held.buyerId(),
                command.paymentId(),
                held.seats(),
                held.total(),
                clock.instant()));
        if (cancelsWhatItConfirms) {
            append(new ReservationCancelled(
                    held.reservationId(),
                    held.performanceId(),
                    held.buyerId(),
                    List.of(),
                    command.paymentId(),
                    clock.instant()));
        }
    }

    @CommandHandler
    void handle(FailPayment command) {
        received(command);
        List<OnsaleEvent> history = historyOf(command.reservationId());
        if (history.get(history.size() - 1) instanceof PaymentRequested requested
                && requested.paymentId().equals(command.paymentId())) {
            append(new PaymentFailed(
                    requested.reservationId(),
                    requested.performanceId(),
                    requested.buyerId(),
                    requested.paymentId(),
                    command.reason(),
                    clock.instant()));
        }
    }

    @CommandHandler
    void handle(ExpireReservation command) {
        received(command);
        List<OnsaleEvent> history = historyOf(command.reservationId());
        ReservationHeld held = (ReservationHeld) history.get(0);
        boolean lapsed =
                switch (history.get(history.size() - 1)) {
                    case PaymentRequested requested -> !clock.instant().isBefore(requested.payBefore());
                    case ReservationHeld first -> !clock.instant().isBefore(first.heldUntil());
                    case PaymentFailed failed -> !clock.instant().isBefore(held.heldUntil());
                    default -> false;
                };
        if (lapsed) {
            append(new ReservationExpired(
                    held.reservationId(), held.performanceId(), held.buyerId(), List.of(), clock.instant()));
        }
    }

    private void received(OnsaleCommand command) {
        received.add(command);
        if (outOfOrder.contains(command.getClass())) {
            throw new IllegalStateException("out of order, as the test wants it");
        }
    }

    private PaymentInitiated opened(Object paymentId) {
        List<OnsaleEvent> history = historyOf(paymentId);
        if (history.isEmpty()) {
            throw new RefusedException(RefusalCode.PAYMENT_NOT_FOUND, "no such payment");
        }
        return (PaymentInitiated) history.get(0);
    }

    private boolean move(Object paymentId, Class<?> from, Class<?> to) {
        List<OnsaleEvent> history = historyOf(paymentId).stream()
                .filter(fact -> !(fact instanceof PaymentRefundReported) && !(fact instanceof PaymentDisputed))
                .toList();
        OnsaleEvent last = history.get(history.size() - 1);
        if (last instanceof PaymentActionRequired && from == PaymentInitiated.class) {
            last = history.get(0);
        }
        if (history.stream().anyMatch(to::isInstance)) {
            return false;
        }
        if (!from.isInstance(last)) {
            throw new RefusedException(RefusalCode.PAYMENT_STATE_CONFLICT, "it is " + last);
        }
        return true;
    }

    private void append(OnsaleEvent fact) {
        String type;
        String id;
        switch (fact) {
            case ReservationEvent event -> {
                type = "Reservation";
                id = event.reservationId().toString();
            }
            case PaymentEvent event -> {
                type = "Payment";
                id = event.paymentId().toString();
            }
            default -> throw new IllegalArgumentException("no fact of a checkout: " + fact);
        }
        long sequence = store.lastSequenceNumberFor(id).map(last -> last + 1).orElse(0L);
        store.publish(new GenericDomainEventMessage<>(type, id, sequence, fact));
    }
}
