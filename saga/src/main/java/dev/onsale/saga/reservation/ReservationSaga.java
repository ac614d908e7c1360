package dev.onsale.saga.reservation;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.onsale.api.LogicalType;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentAuthorized;
import dev.onsale.api.payment.PaymentCaptured;
import dev.onsale.api.payment.PaymentDeclined;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.payment.PaymentRefundReported;
import dev.onsale.api.payment.PaymentRefunded;
import dev.onsale.api.payment.PaymentVoided;
import dev.onsale.api.payment.RefundStatus;
import dev.onsale.api.reservation.BookingRevoked;
import dev.onsale.api.reservation.PaymentDiscounted;
import dev.onsale.api.reservation.PaymentFailed;
import dev.onsale.api.reservation.PaymentRequested;
import dev.onsale.api.reservation.ReservationCancelled;
import dev.onsale.api.reservation.ReservationConfirmed;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.reservation.ReservationPartlyCancelled;
import dev.onsale.saga.step.Steps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Carries one reservation from its hold to its end. It decides only which step follows which fact, and writes that step
 * down; it never calls anybody. So a handler can fail only as the database fails, and no reservation can stop the others
 * behind it.
 *
 * <pre>
 * ReservationHeld      → Expire at heldUntil
 * PaymentRequested     → Authorize (coupon, then money) → Confirm → Capture, in one run; Expire at payBefore
 *                        Confirm refused, or too late for the seats → GiveBack
 *                        Capture refused for good → the booking is revoked
 * PaymentDeclined, PaymentVoided, PaymentRefunded before a booking → Fail
 * PaymentFailed        → Expire at once if the hold is over; else the buyer may try again
 * ReservationCancelled → GiveBack (money, then coupon) if it was paid
 * ReservationPartlyCancelled → RefundPart if it was paid
 * BookingRevoked       → GiveBack
 * </pre>
 *
 * <h2>Where a process may die</h2>
 * <ul>
 *   <li>Before the saga's transaction commits: state, token and steps are one transaction, so none of them happened; the
 *       event is handled again.
 *   <li>After that commit, before a step runs: the step is a row, and any node takes it.
 *   <li>While a step runs, or after its effect and before its row is removed: four missed heartbeats later another run
 *       takes the same step. Commands change nothing when repeated, and the gateway knows the payment's key. An
 *       authorisation that was interrupted is looked up first.
 *   <li>After the gateway moved money and before that was recorded: the same; the repeat gets the same answer and records
 *       it. Nothing is recorded that the gateway did not answer.
 *   <li>After a command was handled and before its event reaches the saga: the event is in the store, and the saga's token
 *       is behind it.
 *   <li>Between a refused confirmation and the return of the money: the refusal replaces {@code Confirm} by
 *       {@code GiveBack} in one write. Before it, confirming is asked for again with the money still authorised; after it,
 *       nothing confirms any more.
 * </ul>
 *
 * <h2>Its end</h2>
 * It ends when the reservation has and no payment of it is open. A booking is over with its capture: keeping the saga until
 * the show would keep a row per ticket for months, only to know what {@link ReservationCancelled} says itself. A later
 * cancellation starts a new one, which ends when the refund is recorded.
 */
@ProcessingGroup(ReservationSaga.PROCESSING_GROUP)
@LogicalType("onsale.reservation-saga")
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
public final class ReservationSaga {

    static final String PROCESSING_GROUP = "reservation-saga";
    static final String ASSOCIATION = "reservationId";

    /** Why a payment failed whose money was captured and came back before a booking. */
    static final String REFUNDED = "PAYMENT_REFUNDED";

    @Autowired
    private transient @Nullable Steps steps;

    private boolean over;
    private boolean booked;
    private @Nullable Instant heldUntil;
    private List<OpenPayment> openPayments = new ArrayList<>();
    private @Nullable PaymentId refundOf;
    private @Nullable DiscountedPayment discounted;

    /**
     * A payment whose outcome is not settled yet.
     *
     * @param gatewayReference of a payment whose capture the saga asks for, once it is authorised; else absent
     * @param whole whether one run authorises, confirms and captures; absent for payments of before there were such runs
     */
    record OpenPayment(
            PaymentId paymentId,
            Money amount,
            @Nullable String gatewayReference,
            @Nullable Boolean whole) {

        OpenPayment authorized(String reference) {
            return new OpenPayment(paymentId, amount, reference, whole);
        }

        boolean isOf(PaymentEvent event) {
            return paymentId.equals(event.paymentId());
        }

        boolean isWhole() {
            return Boolean.TRUE.equals(whole);
        }
    }

    /** A coupon that the payment requested next will redeem. */
    record DiscountedPayment(PaymentId paymentId, UsedCoupon coupon) {}

    /** Public for Axon, which makes an empty one for the first event and for one that it reads back. */
    public ReservationSaga() {}

    /** As Axon's injector would, without its search through all fields and methods for each saga read. */
    ReservationSaga with(Steps steps) {
        this.steps = steps;
        return this;
    }

    @StartSaga
    @SagaEventHandler(associationProperty = ASSOCIATION)
    void on(ReservationHeld event) {
        heldUntil = event.heldUntil();
        steps().at(event.heldUntil(), CheckoutStep.Expire.ofHold(event.reservationId(), event.performanceId()));
    }

    @SagaEventHandler(associationProperty = ASSOCIATION)
    void on(PaymentDiscounted event) {
        discounted = new DiscountedPayment(event.paymentId(), new UsedCoupon(event.campaignId(), event.couponId()));
    }

    @SagaEventHandler(associationProperty = ASSOCIATION)
    void on(PaymentRequested event) {
        openPayments.add(new OpenPayment(event.paymentId(), event.amount(), null, true));
        steps().next(new CheckoutStep.Authorize(
                        event.paymentId(),
                        event.reservationId(),
                        event.performanceId(),
                        event.buyerId(),
                        event.amount(),
                        event.method(),
                        event.payBefore(),
                        couponOf(event.paymentId()),
                        false,
                        event.cardToken(),
                        null)
                .asWhole());
        // A payment keeps a hold longer, it never makes it shorter: up to heldUntil its own deadline is enough.
        if (isOver(event.payBefore())) {
            steps().at(
                            event.payBefore(),
                            CheckoutStep.Expire.ofPayment(
                                    event.reservationId(), event.performanceId(), event.paymentId()));
        }
    }

    /** Whether a fact changes nothing and leads to no step: the run that recorded an authorisation goes on by itself. */
    boolean ignores(Object fact) {
        return fact instanceof PaymentAuthorized event
                && openPayments.stream().anyMatch(payment -> payment.isOf(event) && payment.isWhole());
    }

    @SagaEventHandler(associationProperty = ASSOCIATION)
    void on(PaymentAuthorized event) {
        if (ignores(event)) {
            return;
        }
        openPayments.replaceAll(
                payment -> payment.isOf(event) ? payment.authorized(event.gatewayReference()) : payment);
        // Also for a payment that came too late: whether it may still confirm is the reservation's decision.
        steps().next(new CheckoutStep.Confirm(event.reservationId(), event.performanceId(), event.paymentId()));
    }

    @SagaEventHandler(associationProperty = ASSOCIATION)
    void on(PaymentDeclined event) {
        withoutMoney(event, event.reason());
    }

    @SagaEventHandler(associationProperty = ASSOCIATION)
    void on(PaymentVoided event) {
        returned(event, event.reason());
    }

    @SagaEventHandler(associationProperty = ASSOCIATION)
    void on(PaymentFailed event) {
        if (isOver(event.failedAt())) {
            steps().next(CheckoutStep.Expire.afterFailure(
                    event.reservationId(), event.performanceId(), event.paymentId()));
        }
    }

    @SagaEventHandler(associationProperty = ASSOCIATION)
    void on(ReservationConfirmed event) {
        booked = true;
        // A late payment may have got its seats back.
        over = false;
        for (OpenPayment payment : openPayments) {
            String reference = payment.gatewayReference();
            if (payment.paymentId().equals(event.paymentId()) && reference != null) {
                steps().next(new CheckoutStep.Capture(
                        payment.paymentId(),
                        reference,
                        payment.amount(),
                        event.reservationId(),
                        event.performanceId()));
            }
        }
    }

    @SagaEventHandler(associationProperty = ASSOCIATION)
    void on(PaymentCaptured event) {
        settled(event.paymentId());
        endIfComplete();
    }

    @SagaEventHandler(associationProperty = ASSOCIATION)
    void on(ReservationExpired event) {
        over = true;
        endIfComplete();
    }

    @StartSaga
    @SagaEventHandler(associationProperty = ASSOCIATION)
    void on(ReservationCancelled event) {
        PaymentId paid = event.refundOf();
        if (paid != null) {
            refundOf = paid;
            steps().next(new CheckoutStep.GiveBack(paid, "RESERVATION_CANCELLED", null, event.refund()));
        }
        over = true;
        endIfComplete();
    }

    /** The row of the step carries the part to its end, so no saga waits for it. */
    @StartSaga
    @SagaEventHandler(associationProperty = ASSOCIATION)
    void on(ReservationPartlyCancelled event) {
        PaymentId paid = event.refundOf();
        Money refund = event.refund();
        if (paid != null && refund != null) {
            booked = true;
            if (!refund.isZero()) {
                steps().next(new CheckoutStep.RefundPart(paid, event.part(), refund, null));
            }
        }
        endIfComplete();
    }

    @StartSaga
    @SagaEventHandler(associationProperty = ASSOCIATION)
    void on(BookingRevoked event) {
        refundOf = event.paymentId();
        steps().next(new CheckoutStep.GiveBack(event.paymentId(), event.reason(), null, event.refund()));
        over = true;
        endIfComplete();
    }

    @SagaEventHandler(associationProperty = ASSOCIATION)
    void on(PaymentRefunded event) {
        returned(event, REFUNDED);
    }

    /** A refund that failed is a person's to return: nothing here waits for it any longer. */
    @SagaEventHandler(associationProperty = ASSOCIATION)
    void on(PaymentRefundReported event) {
        if (event.status() == RefundStatus.FAILED || event.status() == RefundStatus.CANCELED) {
            returned(event, "REFUND_" + event.status());
        }
    }

    /** The money of a payment was returned, or cannot be. */
    private void returned(PaymentEvent event, String reason) {
        if (event.paymentId().equals(refundOf)) {
            refundOf = null;
        }
        withoutMoney(event, reason);
    }

    private void withoutMoney(PaymentEvent event, String reason) {
        settled(event.paymentId());
        if (!over && !booked) {
            steps().next(new CheckoutStep.Fail(
                    event.reservationId(), event.performanceId(), event.paymentId(), reason));
        }
        endIfComplete();
    }

    private @Nullable UsedCoupon couponOf(PaymentId payment) {
        return discounted != null && discounted.paymentId().equals(payment) ? discounted.coupon() : null;
    }

    private void settled(PaymentId paymentId) {
        openPayments.removeIf(payment -> payment.paymentId().equals(paymentId));
    }

    private void endIfComplete() {
        if ((over || booked) && openPayments.isEmpty() && refundOf == null) {
            SagaLifecycle.end();
        }
    }

    private boolean isOver(Instant at) {
        return heldUntil != null && !at.isBefore(heldUntil);
    }

    private Steps steps() {
        return Objects.requireNonNull(steps, "Axon injects what a saga needs");
    }
}
