package dev.onsale.saga.reservation;

import dev.onsale.api.PaymentId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.RecordCapture;
import dev.onsale.api.payment.RecordDispute;
import dev.onsale.api.payment.RecordRefund;
import dev.onsale.api.payment.RefundStatus;
import dev.onsale.api.reservation.RevokeBooking;
import dev.onsale.api.view.PaymentStatus;
import dev.onsale.saga.payment.GatewayAnswer;
import dev.onsale.saga.payment.GatewayAnswer.Found;
import dev.onsale.saga.payment.PaymentGateway;
import dev.onsale.saga.payment.PaymentLookup;
import dev.onsale.saga.reservation.CheckoutStep.GiveBack;
import dev.onsale.saga.reservation.CheckoutStep.Reconcile;
import dev.onsale.saga.step.StepResult;
import dev.onsale.saga.step.Steps;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Records what happened at the gateway without Onsale: captures, cancellations and refunds at the dashboard, refunds that fail late,
 * disputes. What is somebody else's is left alone. A payment under way is left to its own steps.
 */
@Component
class Reconciling extends CheckoutStepHandler<Reconcile> {

    static final String REFUNDED_AT_GATEWAY = "REFUNDED_AT_GATEWAY";

    private static final Logger LOG = LoggerFactory.getLogger(Reconciling.class);
    private static final Set<PaymentStatus> WITHOUT_MONEY =
            EnumSet.of(PaymentStatus.DECLINED, PaymentStatus.VOIDED, PaymentStatus.REFUNDED);

    private final CommandDispatcher commands;
    private final PaymentGateway gateway;
    private final PaymentHistory facts;
    private final RefundReports refunds;
    private final ObjectProvider<Steps> steps;

    Reconciling(
            CommandDispatcher commands,
            PaymentGateway gateway,
            PaymentHistory facts,
            RefundReports refunds,
            ObjectProvider<Steps> steps) {
        super(Reconcile.KIND, Reconcile.class);
        this.commands = commands;
        this.gateway = gateway;
        this.facts = facts;
        this.refunds = refunds;
        this.steps = steps;
    }

    @Override
    public StepResult take(Reconcile step) throws InterruptedException {
        PaymentId known = step.event().paymentId();
        if (known != null) {
            return reconcile(step, known);
        }
        return switch (gateway.identify(step.event().gatewayReference())) {
            case GatewayAnswer.Identified identified -> reconcile(step, identified.paymentId());
            case GatewayAnswer.Foreign foreign -> StepResult.done();
            case GatewayAnswer.ToAny noOutcome -> step.retryAfter(noOutcome);
        };
    }

    private StepResult reconcile(Reconcile step, PaymentId payment) throws InterruptedException {
        Optional<PaymentInitiated> opened = facts.find(payment);
        if (opened.isEmpty()) {
            // Of another installation that uses the same account.
            return StepResult.done();
        }
        String dispute = step.event().disputeReference();
        if (dispute != null) {
            return disputed(step, payment, dispute);
        }
        PaymentStatus recorded = facts.statusOf(payment);
        if (isRecorded(step.event(), payment, recorded)) {
            return StepResult.done();
        }
        PaymentLookup lookup = new PaymentLookup(
                payment, opened.get().initiatedAt(), step.event().gatewayReference());
        return switch (gateway.find(lookup)) {
            case Found found -> reconcile(step, opened.get(), recorded, found);
            case GatewayAnswer.Absent absent -> StepResult.done();
            case GatewayAnswer.ToAny noOutcome -> step.retryAfter(noOutcome);
        };
    }

    /** Most events report what Onsale did itself. */
    private boolean isRecorded(GatewayEvent event, PaymentId payment, PaymentStatus recorded) {
        return switch (event.type()) {
            case "payment_intent.amount_capturable_updated" -> !WITHOUT_MONEY.contains(recorded);
            case "payment_intent.succeeded" -> recorded == PaymentStatus.CAPTURED;
            case "payment_intent.canceled" -> WITHOUT_MONEY.contains(recorded);
            case "charge.refund.updated", "refund.created", "refund.failed", "refund.updated" ->
                isRefundRecorded(event, payment, recorded);
            // Tells of no single refund, or is of another kind.
            default -> false;
        };
    }

    /** Until the payment itself is recorded as refunded, what follows from the refund may be missing, such as the end of the booking. */
    private boolean isRefundRecorded(GatewayEvent event, PaymentId payment, PaymentStatus recorded) {
        String refund = event.refundReference();
        String status = event.refundStatus();
        if (refund == null || status == null || recorded != PaymentStatus.REFUNDED) {
            return false;
        }
        RefundStatus known = facts.refundsOf(payment).get(refund);
        return known != null && known.name().equals(status.toUpperCase(Locale.ROOT));
    }

    /** Until it is recorded as captured, a payment has steps of its own, which look at the gateway before they act. */
    private StepResult reconcile(Reconcile step, PaymentInitiated opened, PaymentStatus recorded, Found found)
            throws InterruptedException {
        PaymentId payment = opened.paymentId();
        if (!isForeign(payment, found)) {
            recordRefunds(payment, recorded, found);
        }
        if (WITHOUT_MONEY.contains(recorded)) {
            giveBackWhatIsLeft(payment, found);
            return StepResult.done();
        }
        if (isForeign(payment, found)) {
            foreign(payment, found);
            return StepResult.done();
        }
        if (found.status() == GatewayAnswer.Status.REFUNDED && recorded == PaymentStatus.AUTHORIZED) {
            // Its confirmation or capture is under way, and a booking can be revoked only when it is there.
            return StepResult.Unresolved.unexpected(
                    step, "payment " + payment + " was refunded at the gateway while it is confirmed or captured");
        }
        if (found.status() == GatewayAnswer.Status.REFUNDED && recorded == PaymentStatus.CAPTURED) {
            refunded(opened);
        }
        return StepResult.done();
    }

    /**
     * Several events report one refund. It is recorded once for each status, after the log line for the operator. After a crash a line
     * may be repeated, but never missing.
     */
    private void recordRefunds(PaymentId payment, PaymentStatus recorded, Found found) throws InterruptedException {
        Map<String, RefundStatus> known = facts.refundsOf(payment);
        for (GatewayAnswer.Refund refund : found.refunds()) {
            RefundStatus before = known.get(refund.refundReference());
            if (before != refund.status()) {
                tell(payment, recorded, found.gatewayReference(), refund, before == null);
                refunds.record(payment, refund);
            }
        }
    }

    private static void tell(
            PaymentId payment,
            PaymentStatus recorded,
            String gatewayReference,
            GatewayAnswer.Refund refund,
            boolean isFirstSeen) {
        if (isFirstSeen && !refund.isOurs()) {
            LOG.warn(
                    "Payment {} ({} at the gateway) was refunded there without Onsale: {}",
                    payment,
                    gatewayReference,
                    refund);
        }
        if (recorded == PaymentStatus.REFUNDED && refund.hasFailed()) {
            LOG.error(
                    "A refund of payment {} ({} at the gateway) failed after it was recorded: {}. The buyer does"
                            + " not have the money; return it at the gateway or in another way.",
                    payment,
                    gatewayReference,
                    refund);
        }
    }

    /** Whether this is a second intent of the same payment, whose money belongs to no booking. */
    private boolean isForeign(PaymentId payment, Found found) {
        String reference = facts.gatewayReference(payment);
        return reference != null && !reference.equals(found.gatewayReference());
    }

    /** What is given back of it must not be recorded of the payment, whose own money is at the first one. */
    private static void foreign(PaymentId payment, Found found) {
        if (found.status() == GatewayAnswer.Status.AUTHORIZED || found.status() == GatewayAnswer.Status.CAPTURED) {
            LOG.error(
                    "Payment {} has a second payment at the gateway, {}, which is {}. Return its money there.",
                    payment,
                    found.gatewayReference(),
                    found.status());
        }
    }

    private void giveBackWhatIsLeft(PaymentId payment, Found found) {
        switch (found.status()) {
            case UNCONFIRMED, ACTION_REQUIRED, AUTHORIZED, CAPTURED -> {
                if (!RefundReports.hasFailed(found)) {
                    steps.getObject()
                            .next(new GiveBack(
                                    payment,
                                    RefusalCode.PAYMENT_STATE_CONFLICT.name(),
                                    GatewayProgress.known(found.gatewayReference())));
                }
            }
            case DECLINED, VOIDED, REFUND_PENDING, REFUNDED -> {}
        }
    }

    /** Seats without their money are freed. */
    private void refunded(PaymentInitiated opened) throws InterruptedException {
        // A step of the payment may have recorded another end meanwhile; then that is how it ended.
        boolean unusedCapture = commands.isRecorded(new RecordCapture(opened.paymentId()));
        commands.send(new RevokeBooking(
                opened.reservationId(), opened.performanceId(), opened.paymentId(), REFUNDED_AT_GATEWAY));
        boolean unusedRefund = commands.isRecorded(new RecordRefund(opened.paymentId()));
    }

    private StepResult disputed(Reconcile step, PaymentId payment, String reference) throws InterruptedException {
        return switch (gateway.dispute(reference)) {
            case GatewayAnswer.Disputed dispute -> {
                LOG.warn("Payment {} is disputed: {} {}", payment, dispute.disputeReference(), dispute.status());
                commands.send(new RecordDispute(
                        payment, dispute.disputeReference(), dispute.amount(), dispute.status(), dispute.reason()));
                yield StepResult.done();
            }
            case GatewayAnswer.Absent absent -> StepResult.done();
            case GatewayAnswer.ToAny noOutcome -> step.retryAfter(noOutcome);
        };
    }
}
