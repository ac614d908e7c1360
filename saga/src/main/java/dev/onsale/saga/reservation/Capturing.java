package dev.onsale.saga.reservation;

import dev.onsale.api.payment.RecordCapture;
import dev.onsale.api.payment.RecordVoid;
import dev.onsale.saga.payment.GatewayAnswer;
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
        return switch (gateway.capture(step.paymentId(), step.gatewayReference(), step.amount())) {
            case GatewayAnswer.Settled settled -> {
                commands.send(new RecordCapture(step.paymentId()));
                yield StepResult.done();
            }
            case GatewayAnswer.Refused refused -> notCapturable(step, refused.code());
            case GatewayAnswer.Unknown unknown -> new StepResult.Unresolved(step, unknown.detail());
            case GatewayAnswer.NotSent notSent -> new StepResult.NotBegun(step, notSent.detail());
        };
    }

    /** A cancellation may have voided the payment first; between the two the gateway decides. */
    private StepResult notCapturable(Capture step, String code) throws InterruptedException {
        if (gateway.find(step.paymentId()) instanceof GatewayAnswer.Found found
                && found.status() == GatewayAnswer.Status.VOIDED) {
            commands.send(new RecordVoid(step.paymentId(), code));
            return StepResult.done();
        }
        // Booked seats without their money: never given up silently, an operator sees it in the log and in the steps.
        return new StepResult.Unresolved(step, "the gateway will not capture: " + code);
    }
}
