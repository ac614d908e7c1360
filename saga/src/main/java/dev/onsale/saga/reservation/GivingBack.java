package dev.onsale.saga.reservation;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.payment.PaymentInitiated;
import dev.onsale.api.payment.RecordCapture;
import dev.onsale.api.payment.RecordRefund;
import dev.onsale.api.payment.RecordVoid;
import dev.onsale.saga.payment.GatewayAnswer;
import dev.onsale.saga.payment.GatewayAnswer.Found;
import dev.onsale.saga.payment.PaymentGateway;
import dev.onsale.saga.reservation.CheckoutStep.GiveBack;
import dev.onsale.saga.step.StepHandler;
import dev.onsale.saga.step.StepResult;
import org.springframework.stereotype.Component;

/**
 * Looks at the gateway before it acts: a capture may be under way beside it, and whether void or refund is right is known
 * there alone. Whatever it finds, a further look converges. The coupon follows the money.
 */
@Component
class GivingBack implements StepHandler<GiveBack> {

    private final Commands commands;
    private final PaymentGateway gateway;
    private final Purse purse;
    private final Coupons coupons;
    private final PaymentFacts facts;

    GivingBack(Commands commands, PaymentGateway gateway, Purse purse, Coupons coupons, PaymentFacts facts) {
        this.commands = commands;
        this.gateway = gateway;
        this.purse = purse;
        this.coupons = coupons;
        this.facts = facts;
    }

    @Override
    public String kind() {
        return GiveBack.KIND;
    }

    @Override
    public Class<GiveBack> type() {
        return GiveBack.class;
    }

    @Override
    public StepResult take(GiveBack step) throws InterruptedException {
        PaymentInitiated opened = facts.opened(step.paymentId());
        StepResult result =
                Purse.pays(opened.method(), opened.amount()) ? fromPurse(step, opened) : throughGateway(step);
        if (result instanceof StepResult.Done) {
            coupons.restore(step.paymentId(), facts.couponOf(opened));
        }
        return result;
    }

    private StepResult fromPurse(GiveBack step, PaymentInitiated opened) throws InterruptedException {
        purse.giveBack(opened);
        try {
            commands.send(new RecordVoid(step.paymentId(), step.reason()));
        } catch (RefusedException refused) {
            if (refused.code() != RefusalCode.PAYMENT_STATE_CONFLICT) {
                throw refused;
            }
            // Captured, or refunded before.
            commands.send(new RecordRefund(step.paymentId()));
        }
        return StepResult.done();
    }

    private StepResult throughGateway(GiveBack step) throws InterruptedException {
        return switch (gateway.find(step.paymentId())) {
            case Found found -> giveBack(step, found);
            case GatewayAnswer.Absent absent ->
                new StepResult.Unresolved(step, "the gateway does not know an authorised payment");
            case GatewayAnswer.Unknown unknown -> new StepResult.Unresolved(step, unknown.detail());
            case GatewayAnswer.NotSent notSent -> new StepResult.NotBegun(step, notSent.detail());
        };
    }

    private StepResult giveBack(GiveBack step, Found found) throws InterruptedException {
        RecordVoid voided = new RecordVoid(step.paymentId(), step.reason());
        RecordRefund refunded = new RecordRefund(step.paymentId());
        return switch (found.status()) {
            case AUTHORIZED ->
                after(gateway.voidAuthorization(step.paymentId(), found.gatewayReference()), step, voided);
            case CAPTURED ->
                after(gateway.refund(step.paymentId(), found.gatewayReference(), found.amount()), step, refunded);
            case VOIDED -> record(step, voided);
            case REFUNDED -> record(step, refunded);
            // No money is there. Without a record the payment, its saga and its reservation would wait for ever.
            case DECLINED -> record(step, voided);
        };
    }

    private StepResult after(GatewayAnswer.ToSettle answer, GiveBack step, OnsaleCommand recording)
            throws InterruptedException {
        return switch (answer) {
            case GatewayAnswer.Settled settled -> record(step, recording);
            case GatewayAnswer.Refused refused ->
                new StepResult.Unresolved(step, "it changed meanwhile: " + refused.code());
            case GatewayAnswer.Unknown unknown -> new StepResult.Unresolved(step, unknown.detail());
            case GatewayAnswer.NotSent notSent -> new StepResult.NotBegun(step, notSent.detail());
        };
    }

    private StepResult record(GiveBack step, OnsaleCommand recording) throws InterruptedException {
        if (isRecorded(recording)) {
            return StepResult.done();
        }
        // Recorded as captured, but the gateway holds no money: the record ends like one of returned money.
        // Or captured at the gateway without a step that would record it, such as at its dashboard.
        RecordRefund refund = new RecordRefund(step.paymentId());
        boolean isCaptured = !(recording instanceof RecordRefund) || isRecorded(new RecordCapture(step.paymentId()));
        if (isCaptured) {
            boolean unused = isRecorded(refund);
        }
        return StepResult.done();
    }

    /** False if the payment was recorded to have ended another way. */
    private boolean isRecorded(OnsaleCommand recording) throws InterruptedException {
        try {
            commands.send(recording);
            return true;
        } catch (RefusedException refused) {
            if (refused.code() != RefusalCode.PAYMENT_STATE_CONFLICT) {
                throw refused;
            }
            return false;
        }
    }
}
