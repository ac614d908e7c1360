package dev.onsale.saga.reservation;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.payment.InitiatePayment;
import dev.onsale.api.payment.RecordAuthorization;
import dev.onsale.api.payment.RecordDecline;
import dev.onsale.saga.payment.GatewayAnswer;
import dev.onsale.saga.payment.GatewayAnswer.Authorized;
import dev.onsale.saga.payment.GatewayAnswer.Declined;
import dev.onsale.saga.payment.GatewayAnswer.NotSent;
import dev.onsale.saga.payment.GatewayAnswer.Status;
import dev.onsale.saga.payment.GatewayAnswer.Unknown;
import dev.onsale.saga.payment.PaymentGateway;
import dev.onsale.saga.reservation.CheckoutStep.Authorize;
import dev.onsale.saga.reservation.CheckoutStep.GiveBack;
import dev.onsale.saga.step.StepHandler;
import dev.onsale.saga.step.StepResult;
import java.time.Clock;
import org.springframework.stereotype.Component;

@Component
class Authorizing implements StepHandler<Authorize> {

    /** For the buyer: the gateway was out of reach until the payment's time was over; no money was touched. */
    static final String GATEWAY_UNAVAILABLE = "GATEWAY_UNAVAILABLE";

    private final Commands commands;
    private final PaymentGateway gateway;
    private final Clock clock;

    Authorizing(Commands commands, PaymentGateway gateway, Clock clock) {
        this.commands = commands;
        this.gateway = gateway;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return Authorize.KIND;
    }

    @Override
    public Class<Authorize> type() {
        return Authorize.class;
    }

    @Override
    public Authorize interrupted(Authorize step) {
        return step.perhapsSent();
    }

    @Override
    public StepResult take(Authorize step) throws InterruptedException {
        commands.send(new InitiatePayment(
                step.paymentId(),
                step.reservationId(),
                step.performanceId(),
                step.buyerId(),
                step.amount(),
                step.method()));
        if (!step.maybeSent() && !clock.instant().isBefore(step.payBefore())) {
            return declined(step, GATEWAY_UNAVAILABLE);
        }
        return switch (step.maybeSent() ? askAgain(step) : ask(step)) {
            case Authorized authorized -> authorized(step, authorized.gatewayReference());
            case Declined declined -> declined(step, declined.reason());
            case Unknown unknown -> new StepResult.Unresolved(step.perhapsSent(), unknown.detail());
            case NotSent notSent -> new StepResult.NotBegun(step, notSent.detail());
        };
    }

    private GatewayAnswer.ToAuthorize ask(Authorize step) throws InterruptedException {
        return gateway.authorize(step.paymentId(), step.amount(), step.method());
    }

    private GatewayAnswer.ToAuthorize askAgain(Authorize step) throws InterruptedException {
        return switch (gateway.find(step.paymentId())) {
            case GatewayAnswer.Found found ->
                found.status() == Status.DECLINED
                        ? new Declined(found.declineReason())
                        : new Authorized(found.gatewayReference());
            // Absent may also mean: still on its way. The same request under the same key settles it. Should it be
            // approved
            // after its time, the confirmation is refused and the money given back.
            case GatewayAnswer.Absent absent -> ask(step);
            case Unknown unknown -> unknown;
            case NotSent notSent -> notSent;
        };
    }

    private StepResult authorized(Authorize step, String gatewayReference) throws InterruptedException {
        try {
            commands.send(new RecordAuthorization(step.paymentId(), gatewayReference));
            return StepResult.done();
        } catch (RefusedException refused) {
            if (refused.code() == RefusalCode.PAYMENT_STATE_CONFLICT) {
                // The payment has ended another way, so nothing will ever take or release this authorisation.
                return new StepResult.Instead(
                        new GiveBack(step.paymentId(), refused.code().name()));
            }
            throw refused;
        }
    }

    private StepResult declined(Authorize step, String reason) throws InterruptedException {
        commands.send(new RecordDecline(step.paymentId(), reason));
        return StepResult.done();
    }
}
