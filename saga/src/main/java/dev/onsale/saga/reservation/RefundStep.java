package dev.onsale.saga.reservation;

import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.RecordCapture;
import dev.onsale.api.payment.RecordRefund;
import dev.onsale.api.payment.RecordVoid;
import dev.onsale.saga.SagaProperties;
import dev.onsale.saga.payment.GatewayAnswer;
import dev.onsale.saga.payment.GatewayAnswer.Found;
import dev.onsale.saga.payment.GatewayAnswer.Refund;
import dev.onsale.saga.payment.PaymentGateway;
import dev.onsale.saga.reservation.CheckoutStep.GiveBack;
import dev.onsale.saga.step.StepResult;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Returns the money of a payment. It asks the gateway first, because a capture may be running and only the gateway knows whether a
 * void or a refund is needed. Repeats are harmless. The coupon is restored after the money.
 */
@Component
class RefundStep extends CheckoutStepHandler<GiveBack> {

    private static final Logger LOG = LoggerFactory.getLogger(RefundStep.class);

    private final CommandDispatcher commands;
    private final PaymentGateway gateway;
    private final WalletPayments purse;
    private final CouponRedemption coupons;
    private final PaymentHistory facts;
    private final RefundReports refunds;
    private final SagaProperties settings;
    private final Clock clock;

    RefundStep(
            CommandDispatcher commands,
            PaymentGateway gateway,
            WalletPayments purse,
            CouponRedemption coupons,
            PaymentHistory facts,
            RefundReports refunds,
            SagaProperties settings,
            Clock clock) {
        super(GiveBack.KIND, GiveBack.class);
        this.commands = commands;
        this.gateway = gateway;
        this.purse = purse;
        this.coupons = coupons;
        this.facts = facts;
        this.refunds = refunds;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public StepResult take(GiveBack step) throws InterruptedException {
        PaymentInitiated opened = facts.opened(step.paymentId());
        StepResult result = WalletPayments.pays(opened.method(), opened.amount())
                ? fromPurse(step, opened)
                : throughGateway(step, opened);
        if (result instanceof StepResult.Done) {
            coupons.restore(step.paymentId(), facts.couponOf(opened));
        }
        return result;
    }

    private StepResult fromPurse(GiveBack step, PaymentInitiated opened) throws InterruptedException {
        purse.giveBack(opened, step.amount());
        if (step.amount() != null) {
            // Parts came back before, so it was paid, and a void of the whole would be wrong.
            boolean unused = commands.isRecorded(new RecordCapture(step.paymentId()));
            commands.send(new RecordRefund(step.paymentId(), step.amount()));
            return StepResult.done();
        }
        if (!commands.isRecorded(new RecordVoid(step.paymentId(), step.reason()))) {
            // Captured, or refunded before.
            commands.send(new RecordRefund(step.paymentId()));
        }
        return StepResult.done();
    }

    private StepResult throughGateway(GiveBack step, PaymentInitiated opened) throws InterruptedException {
        return switch (gateway.find(facts.lookup(opened, GatewayProgress.of(step.progress())))) {
            case Found found -> giveBack(step, found);
            case GatewayAnswer.Absent absent -> absent(step);
            case GatewayAnswer.ToAny noOutcome -> step.retryAfter(noOutcome);
        };
    }

    /** A gateway that does not know the payment for long enough holds no money of it; nothing can be given back. */
    private StepResult absent(GiveBack step) throws InterruptedException {
        GatewayProgress progress = GatewayProgress.of(step.progress());
        Instant now = clock.instant();
        Instant since = progress.absentSince() == null ? now : progress.absentSince();
        if (now.isBefore(since.plus(AuthorizeStep.UNSEEN_MAX))) {
            return StepResult.Unresolved.unexpected(
                    step.with(progress.absent(since)), "the gateway does not know the payment");
        }
        LOG.error(
                "The gateway does not know payment {}, which is to be given back ({}). It is recorded as returned;"
                        + " look into the gateway's books.",
                step.paymentId(),
                step.reason());
        return record(step, new RecordVoid(step.paymentId(), step.reason()));
    }

    private StepResult giveBack(GiveBack step, Found found) throws InterruptedException {
        RecordVoid voided = new RecordVoid(step.paymentId(), step.reason());
        RecordRefund refunded = new RecordRefund(step.paymentId(), step.amount());
        int attempt = GatewayProgress.of(step.progress()).attempt();
        return switch (found.status()) {
            case UNCONFIRMED, ACTION_REQUIRED, AUTHORIZED ->
                after(
                        gateway.voidAuthorization(step.paymentId(), found.gatewayReference(), attempt),
                        step,
                        found,
                        voided);
            // Refused once, and nothing has changed: such as after a dispute, when the bank has the money.
            case CAPTURED ->
                step.amount() != null
                        ? rest(step, found, step.amount())
                        : RefundReports.hasFailed(found)
                                        || GatewayProgress.of(step.progress()).refusal() != null
                                ? failed(step, found)
                                : refund(step, found, attempt);
            case REFUND_PENDING -> pending(step, found);
            case VOIDED -> record(step, voided);
            case REFUNDED -> {
                refunds.record(step.paymentId(), found);
                yield record(step, refunded);
            }
            // There is no money. Without a record the payment, its saga and its reservation would never end.
            case DECLINED -> record(step, voided);
        };
    }

    private StepResult refund(GiveBack step, Found found, int attempt) throws InterruptedException {
        return after(
                gateway.refund(step.paymentId(), found.gatewayReference(), found.amount(), attempt),
                step,
                found,
                new RecordRefund(step.paymentId()));
    }

    /** Parts have steps and refunds of their own, which may come before or after this one. */
    private StepResult rest(GiveBack step, Found found, Money amount) throws InterruptedException {
        RecordRefund refunded = new RecordRefund(step.paymentId(), amount);
        if (amount.isZero()) {
            return record(step, refunded);
        }
        Optional<Refund> own = RefundReports.ofPart(found, PaymentGateway.REST);
        if (own.isEmpty()) {
            int attempt = GatewayProgress.of(step.progress()).attempt();
            return GatewayProgress.of(step.progress()).refusal() != null
                    ? failed(step, found)
                    : after(
                            gateway.refundPart(
                                    step.paymentId(), found.gatewayReference(), PaymentGateway.REST, amount, attempt),
                            step,
                            found,
                            refunded);
        }
        if (own.get().isOpen()) {
            return pending(step, found);
        }
        return own.get().hasFailed() ? failed(step, found) : record(step, refunded);
    }

    private StepResult pending(GiveBack step, Found found) throws InterruptedException {
        refunds.record(step.paymentId(), found);
        return new StepResult.Again(step, clock.instant().plus(settings.refundPollInterval()));
    }

    /**
     * The bank returned the money to us. A repeat would fail again, so a person has to return it in another way; the record ends
     * what waits for it. A later refund at the gateway is recorded when its event arrives.
     */
    private StepResult failed(GiveBack step, Found found) throws InterruptedException {
        boolean unused = commands.isRecorded(new RecordCapture(step.paymentId()));
        refunds.record(step.paymentId(), found);
        LOG.error(
                "The refund of payment {} ({} at the gateway) failed: {} {}. The buyer does not have the money; return"
                        + " it at the gateway or in another way.",
                step.paymentId(),
                found.gatewayReference(),
                found.refunds(),
                Objects.requireNonNullElse(GatewayProgress.of(step.progress()).refusal(), ""));
        return StepResult.done();
    }

    private StepResult after(GatewayAnswer.ToSettle answer, GiveBack step, Found found, OnsaleCommand recording)
            throws InterruptedException {
        GatewayProgress progress = GatewayProgress.of(step.progress()).at(found.gatewayReference());
        return switch (answer) {
            case GatewayAnswer.Settled settled -> record(step, recording);
            case GatewayAnswer.UnderWay underWay -> {
                refunds.recordUnderWay(
                        step.paymentId(), underWay, step.amount() == null ? found.amount() : step.amount());
                yield new StepResult.Again(step, clock.instant().plus(settings.refundPollInterval()));
            }
            case GatewayAnswer.Refused refused ->
                StepResult.Unresolved.unexpected(
                        found.status() == GatewayAnswer.Status.CAPTURED
                                ? step.with(progress.refused(refused.code()))
                                : step,
                        "the gateway refuses to give it back: " + refused.code());
            case GatewayAnswer.ToAny noOutcome ->
                step.with(progress.after(noOutcome)).retryAfter(noOutcome);
        };
    }

    private StepResult record(GiveBack step, OnsaleCommand recording) throws InterruptedException {
        if (commands.isRecorded(recording)) {
            return StepResult.done();
        }
        // Recorded as captured, but the gateway holds no money: the record ends like one of returned money.
        // Or captured at the gateway without a step that would record it, such as at its dashboard.
        if (!(recording instanceof RecordRefund) || commands.isRecorded(new RecordCapture(step.paymentId()))) {
            boolean unused = commands.isRecorded(new RecordRefund(step.paymentId(), step.amount()));
        }
        return StepResult.done();
    }
}
