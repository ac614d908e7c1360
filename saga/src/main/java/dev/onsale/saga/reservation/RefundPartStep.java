package dev.onsale.saga.reservation;

import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.RecordCapture;
import dev.onsale.api.payment.RecordPartRefund;
import dev.onsale.saga.SagaProperties;
import dev.onsale.saga.payment.GatewayAnswer;
import dev.onsale.saga.payment.GatewayAnswer.Found;
import dev.onsale.saga.payment.GatewayAnswer.Refund;
import dev.onsale.saga.payment.PaymentGateway;
import dev.onsale.saga.reservation.CheckoutStep.RefundPart;
import dev.onsale.saga.step.StepResult;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Returns a part of a captured payment. Each part has a fixed amount and a key of its own, so parts and the rest may be returned in any
 * order and at the same time. A part waits for the capture; a payment that is voided instead has nothing to return. The coupon comes
 * back with the rest.
 */
@Component
class RefundPartStep extends CheckoutStepHandler<RefundPart> {

    private static final Logger LOG = LoggerFactory.getLogger(RefundPartStep.class);

    private final CommandDispatcher commands;
    private final PaymentGateway gateway;
    private final WalletPayments purse;
    private final PaymentHistory facts;
    private final RefundReports refunds;
    private final SagaProperties settings;
    private final Clock clock;

    RefundPartStep(
            CommandDispatcher commands,
            PaymentGateway gateway,
            WalletPayments purse,
            PaymentHistory facts,
            RefundReports refunds,
            SagaProperties settings,
            Clock clock) {
        super(RefundPart.KIND, RefundPart.class);
        this.commands = commands;
        this.gateway = gateway;
        this.purse = purse;
        this.facts = facts;
        this.refunds = refunds;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public StepResult take(RefundPart step) throws InterruptedException {
        PaymentInitiated opened = facts.opened(step.paymentId());
        if (WalletPayments.pays(opened.method(), opened.amount())) {
            purse.giveBackPart(opened, step.part(), step.amount());
            return record(step);
        }
        return switch (gateway.find(facts.lookup(opened, GatewayProgress.of(step.progress())))) {
            case Found found -> giveBack(step, found);
            case GatewayAnswer.Absent absent ->
                StepResult.Unresolved.unexpected(step, "the gateway does not know the payment");
            case GatewayAnswer.ToAny noOutcome -> step.retryAfter(noOutcome);
        };
    }

    private StepResult giveBack(RefundPart step, Found found) throws InterruptedException {
        return switch (found.status()) {
            case UNCONFIRMED, ACTION_REQUIRED, AUTHORIZED ->
                new StepResult.NotBegun(step, "the payment is not captured yet");
            // The capture was refused, or all seats were cancelled before it: no money was taken.
            case VOIDED, DECLINED -> StepResult.done();
            case CAPTURED -> captured(step, found);
            case REFUND_PENDING -> pending(step, found);
            case REFUNDED -> {
                refunds.record(step.paymentId(), found);
                yield record(step);
            }
        };
    }

    private StepResult captured(RefundPart step, Found found) throws InterruptedException {
        Optional<Refund> own = RefundReports.ofPart(found, step.part());
        if (own.isPresent() && own.get().isOpen()) {
            return pending(step, found);
        }
        if (own.isPresent() && !own.get().hasFailed()) {
            return record(step);
        }
        GatewayProgress progress = GatewayProgress.of(step.progress());
        return own.isPresent() || progress.refusal() != null
                ? failed(step, found, progress)
                : after(
                        gateway.refundPart(
                                step.paymentId(),
                                found.gatewayReference(),
                                step.part(),
                                step.amount(),
                                progress.attempt()),
                        step,
                        progress.at(found.gatewayReference()));
    }

    private StepResult after(GatewayAnswer.ToSettle answer, RefundPart step, GatewayProgress progress)
            throws InterruptedException {
        return switch (answer) {
            case GatewayAnswer.Settled settled -> record(step);
            case GatewayAnswer.UnderWay underWay -> {
                refunds.recordUnderWay(step.paymentId(), underWay, step.amount());
                yield new StepResult.Again(step, clock.instant().plus(settings.refundPollInterval()));
            }
            // What happened to the payment meanwhile may be the reason, so it is looked at again.
            case GatewayAnswer.Refused refused ->
                StepResult.Unresolved.unexpected(
                        step.with(progress.refused(refused.code())),
                        "the gateway refuses to give a part back: " + refused.code());
            case GatewayAnswer.ToAny noOutcome ->
                step.with(progress.after(noOutcome)).retryAfter(noOutcome);
        };
    }

    private StepResult pending(RefundPart step, Found found) throws InterruptedException {
        refunds.record(step.paymentId(), found);
        return new StepResult.Again(step, clock.instant().plus(settings.refundPollInterval()));
    }

    /** A repeat would fail again, so a person has to return it in another way. */
    private StepResult failed(RefundPart step, Found found, GatewayProgress progress) throws InterruptedException {
        refunds.record(step.paymentId(), found);
        LOG.error(
                "The refund of part {} ({}) of payment {} ({} at the gateway) failed: {} {}. The buyer does not have the"
                        + " money; return it at the gateway or in another way.",
                step.part(),
                step.amount(),
                step.paymentId(),
                found.gatewayReference(),
                found.refunds(),
                progress.refusal());
        return StepResult.done();
    }

    private StepResult record(RefundPart step) throws InterruptedException {
        RecordPartRefund recording = new RecordPartRefund(step.paymentId(), step.part(), step.amount());
        if (!commands.isRecorded(recording)) {
            // Captured at the gateway, and its own step has not recorded that yet; or all of it is recorded as
            // returned.
            boolean unusedCapture = commands.isRecorded(new RecordCapture(step.paymentId()));
            boolean unusedPart = commands.isRecorded(recording);
        }
        return StepResult.done();
    }
}
