package dev.onsale.command.payment;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.payment.InitiatePayment;
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
import dev.onsale.api.payment.RecordDispute;
import dev.onsale.api.payment.RecordPartRefund;
import dev.onsale.api.payment.RecordRefundReport;
import dev.onsale.api.payment.RefundStatus;
import dev.onsale.api.personal.SealedText;
import dev.onsale.api.view.PaymentStatus;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * One payment at the gateway: initiated, then authorised or declined, then captured or voided, then perhaps refunded.
 * Recording what is already recorded changes nothing; recording what cannot follow is refused.
 */
@Aggregate(type = "Payment")
class Payment {

    @AggregateIdentifier
    @Nullable
    String id;

    private @Nullable PaymentInitiated initiated;
    private State state = State.INITIATED;
    private @Nullable String delayedBy;
    private final Map<Integer, Money> parts = new HashMap<>();
    private @Nullable PaymentRefunded refunded;
    private final Map<String, RefundStatus> refunds = new HashMap<>();
    private final Map<String, String> disputes = new HashMap<>();

    private enum State {
        INITIATED(PaymentStatus.REQUESTED),
        ACTION_REQUIRED(PaymentStatus.ACTION_REQUIRED),
        AUTHORIZED(PaymentStatus.AUTHORIZED),
        DECLINED(PaymentStatus.DECLINED),
        CAPTURED(PaymentStatus.CAPTURED),
        VOIDED(PaymentStatus.VOIDED),
        REFUNDED(PaymentStatus.REFUNDED);

        private final PaymentStatus told;

        State(PaymentStatus told) {
            this.told = told;
        }
    }

    protected Payment() {
        // For Axon, which replays the events.
    }

    Payment(PaymentId id) {
        this.id = id.toString();
    }

    /** What has become of the payment; a repeat learns it as well. */
    PaymentStatus initiate(InitiatePayment command, Instant now) {
        PaymentInitiated fact = new PaymentInitiated(
                command.paymentId(),
                command.reservationId(),
                command.performanceId(),
                command.buyerId(),
                command.amount(),
                command.method(),
                initiated == null ? now : initiated.initiatedAt());
        if (initiated == null) {
            apply(fact);
        } else if (!initiated.equals(fact)) {
            throw new RefusedException(RefusalCode.PAYMENT_STATE_CONFLICT, "The payment was opened with other content");
        }
        return state.told;
    }

    void delay(String reason, Instant now) {
        PaymentInitiated payment = required();
        if (state == State.INITIATED && !reason.equals(delayedBy)) {
            apply(new PaymentDelayed(
                    payment.paymentId(), payment.reservationId(), payment.performanceId(), reason, now));
        }
    }

    void requireAction(String gatewayReference, SealedText clientSecret, Instant now) {
        PaymentInitiated payment = required();
        if (movesTo(
                State.ACTION_REQUIRED,
                EnumSet.of(State.INITIATED),
                EnumSet.of(State.AUTHORIZED, State.DECLINED, State.CAPTURED, State.VOIDED, State.REFUNDED))) {
            apply(new PaymentActionRequired(
                    payment.paymentId(),
                    payment.reservationId(),
                    payment.performanceId(),
                    gatewayReference,
                    clientSecret,
                    now));
        }
    }

    void authorize(String gatewayReference, Instant now) {
        PaymentInitiated payment = required();
        if (movesTo(
                State.AUTHORIZED,
                EnumSet.of(State.INITIATED, State.ACTION_REQUIRED),
                EnumSet.of(State.CAPTURED, State.VOIDED, State.REFUNDED))) {
            apply(new PaymentAuthorized(
                    payment.paymentId(), payment.reservationId(), payment.performanceId(), gatewayReference, now));
        }
    }

    void decline(String reason, Instant now) {
        PaymentInitiated payment = required();
        if (movesTo(State.DECLINED, EnumSet.of(State.INITIATED, State.ACTION_REQUIRED), Set.of())) {
            apply(new PaymentDeclined(
                    payment.paymentId(), payment.reservationId(), payment.performanceId(), reason, now));
        }
    }

    void capture(Instant now) {
        PaymentInitiated payment = required();
        if (movesTo(State.CAPTURED, EnumSet.of(State.AUTHORIZED), EnumSet.of(State.REFUNDED))) {
            apply(new PaymentCaptured(
                    payment.paymentId(), payment.reservationId(), payment.performanceId(), payment.amount(), now));
        }
    }

    void voidIt(String reason, Instant now) {
        PaymentInitiated payment = required();
        if (movesTo(State.VOIDED, EnumSet.of(State.INITIATED, State.ACTION_REQUIRED, State.AUTHORIZED), Set.of())) {
            apply(new PaymentVoided(
                    payment.paymentId(), payment.reservationId(), payment.performanceId(), reason, now));
        }
    }

    /**
     * @param amount what was given back; absent for all that is left
     */
    void refund(@Nullable Money amount, Instant now) {
        PaymentInitiated payment = required();
        if (movesTo(State.REFUNDED, EnumSet.of(State.CAPTURED), Set.of())) {
            Money back = amount == null ? left() : amount;
            requireLeft(back);
            apply(new PaymentRefunded(
                    payment.paymentId(), payment.reservationId(), payment.performanceId(), back, now));
        }
    }

    /** Parts and the rest may be recorded in any order. */
    void refundPart(RecordPartRefund record, Instant now) {
        PaymentInitiated payment = required();
        if (parts.containsKey(record.part())) {
            return;
        }
        if (state != State.CAPTURED && state != State.REFUNDED) {
            throw new RefusedException(
                    RefusalCode.PAYMENT_STATE_CONFLICT, "A payment that is " + state + " has nothing to give back");
        }
        requireLeft(record.amount());
        apply(new PaymentPartlyRefunded(
                payment.paymentId(),
                payment.reservationId(),
                payment.performanceId(),
                record.part(),
                record.amount(),
                now));
    }

    /** What was captured and not given back. */
    private Money left() {
        Money left = required().amount();
        for (Money part : parts.values()) {
            left = left.minus(part);
        }
        return refunded == null ? left : left.minus(refunded.amount());
    }

    private void requireLeft(Money amount) {
        Money left = left();
        if (!left.currency().equals(amount.currency()) || left.minorUnits() < amount.minorUnits()) {
            throw new RefusedException(
                    RefusalCode.PAYMENT_STATE_CONFLICT, "Of the payment " + left + " are left, not " + amount);
        }
    }

    /**
     * A fact about the gateway, whatever was recorded before; the payment's own state follows from other facts.
     *
     * @return whether it was news
     */
    boolean reportRefund(RecordRefundReport report, Instant now) {
        PaymentInitiated payment = required();
        boolean isNew = refunds.get(report.refundReference()) != report.status();
        if (isNew) {
            apply(new PaymentRefundReported(
                    payment.paymentId(),
                    payment.reservationId(),
                    payment.performanceId(),
                    report.refundReference(),
                    report.amount(),
                    report.status(),
                    report.failureReason(),
                    now));
        }
        return isNew;
    }

    void dispute(RecordDispute report, Instant now) {
        PaymentInitiated payment = required();
        if (!report.status().equals(disputes.get(report.disputeReference()))) {
            apply(new PaymentDisputed(
                    payment.paymentId(),
                    payment.reservationId(),
                    payment.performanceId(),
                    report.disputeReference(),
                    report.amount(),
                    report.status(),
                    report.reason(),
                    now));
        }
    }

    /**
     * @param passed states after the target: a late record of an earlier step changes nothing
     */
    private boolean movesTo(State target, Set<State> from, Set<State> passed) {
        if (state == target || passed.contains(state)) {
            return false;
        }
        if (!from.contains(state)) {
            throw new RefusedException(
                    RefusalCode.PAYMENT_STATE_CONFLICT, "A payment that is " + state + " cannot become " + target);
        }
        return true;
    }

    @EventSourcingHandler
    void on(PaymentEvent event) {
        id = event.paymentId().toString();
        switch (event) {
            case PaymentInitiated fact -> initiated = fact;
            case PaymentDelayed fact -> delayedBy = fact.reason();
            case PaymentAuthorized fact -> state = State.AUTHORIZED;
            case PaymentDeclined fact -> state = State.DECLINED;
            case PaymentCaptured fact -> state = State.CAPTURED;
            case PaymentVoided fact -> state = State.VOIDED;
            case PaymentRefunded fact -> {
                state = State.REFUNDED;
                refunded = fact;
            }
            case PaymentPartlyRefunded fact -> parts.put(fact.part(), fact.amount());
            case PaymentActionRequired fact -> state = State.ACTION_REQUIRED;
            case PaymentRefundReported fact -> refunds.put(fact.refundReference(), fact.status());
            case PaymentDisputed fact -> disputes.put(fact.disputeReference(), fact.status());
        }
    }

    private PaymentInitiated required() {
        if (initiated == null) {
            throw new RefusedException(RefusalCode.PAYMENT_NOT_FOUND, "There is no such payment");
        }
        return initiated;
    }
}
