package dev.onsale.saga.reservation;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.payment.RecordCapture;
import dev.onsale.api.payment.RecordVoid;
import dev.onsale.api.reservation.RevokeBooking;
import dev.onsale.saga.payment.GatewayAnswer;
import dev.onsale.saga.payment.GatewayAnswer.Status;
import dev.onsale.saga.payment.PaymentGateway;
import dev.onsale.saga.reservation.CheckoutStep.Capture;
import dev.onsale.saga.step.StepHandler;
import dev.onsale.saga.step.StepResult;
import org.springframework.stereotype.Component;

@Component
class Capturing implements StepHandler<Capture> {

    private final Commands commands;
    private final PaymentGateway gateway;

    Capturing(Commands commands, PaymentGateway gateway) {
        this.commands = commands;
        this.gateway = gateway;
    }

    @Override
    public String kind() {
        return Capture.KIND;
    }

    @Override
    public Class<Capture> type() {
        return Capture.class;
    }

    @Override
    public StepResult take(Capture step) throws InterruptedException {
        if (step.gatewayReference().equals(Purse.REFERENCE)) {
            return captured(step);
        }
        return switch (gateway.capture(step.paymentId(), step.gatewayReference(), step.amount())) {
            case GatewayAnswer.Settled settled -> captured(step);
            case GatewayAnswer.Refused refused -> notCapturable(step, refused.code());
            case GatewayAnswer.Unknown unknown -> new StepResult.Unresolved(step, unknown.detail());
            case GatewayAnswer.NotSent notSent -> new StepResult.NotBegun(step, notSent.detail());
        };
    }

    private StepResult captured(Capture step) throws InterruptedException {
        try {
            commands.send(new RecordCapture(step.paymentId()));
        } catch (RefusedException refused) {
            // A cancellation gave the points back first; that is how it ended.
            if (refused.code() != RefusalCode.PAYMENT_STATE_CONFLICT
                    || !step.gatewayReference().equals(Purse.REFERENCE)) {
                throw refused;
            }
        }
        return StepResult.done();
    }

    /** Asked what it has, the gateway decides between a cancellation that came first, a repeat, and a refusal for good. */
    private StepResult notCapturable(Capture step, String code) throws InterruptedException {
        return switch (gateway.find(step.paymentId())) {
            case GatewayAnswer.Found found ->
                found.status() == Status.CAPTURED || found.status() == Status.REFUNDED
                        ? captured(step)
                        : withoutMoney(step, found.status(), code);
            case GatewayAnswer.Absent absent -> withoutMoney(step, Status.AUTHORIZED, code);
            case GatewayAnswer.Unknown unknown -> new StepResult.Unresolved(step, unknown.detail());
            case GatewayAnswer.NotSent notSent -> new StepResult.NotBegun(step, notSent.detail());
        };
    }

    /** Booked seats without their money are taken back; nothing happens to a booking that was cancelled before. */
    private StepResult withoutMoney(Capture step, Status status, String code) throws InterruptedException {
        if (step.reservationId() != null && step.performanceId() != null) {
            commands.send(new RevokeBooking(step.reservationId(), step.performanceId(), step.paymentId(), code));
        }
        if (status == Status.VOIDED) {
            commands.send(new RecordVoid(step.paymentId(), code));
        }
        return StepResult.done();
    }
}
