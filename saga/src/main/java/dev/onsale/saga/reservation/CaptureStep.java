package dev.onsale.saga.reservation;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.payment.RecordCapture;
import dev.onsale.api.payment.RecordVoid;
import dev.onsale.api.reservation.RevokeBooking;
import dev.onsale.saga.payment.GatewayAnswer;
import dev.onsale.saga.payment.GatewayAnswer.Status;
import dev.onsale.saga.payment.PaymentGateway;
import dev.onsale.saga.payment.PaymentLookup;
import dev.onsale.saga.reservation.CheckoutStep.Capture;
import dev.onsale.saga.step.StepResult;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.stereotype.Component;

@Component
class CaptureStep extends CheckoutStepHandler<Capture> {

    private static final Set<Status> MONEY_TAKEN = EnumSet.of(Status.CAPTURED, Status.REFUND_PENDING, Status.REFUNDED);

    private final CommandDispatcher commands;
    private final PaymentGateway gateway;
    private final Clock clock;

    CaptureStep(CommandDispatcher commands, PaymentGateway gateway, Clock clock) {
        super(Capture.KIND, Capture.class);
        this.commands = commands;
        this.gateway = gateway;
        this.clock = clock;
    }

    @Override
    public StepResult take(Capture step) throws InterruptedException {
        if (step.gatewayReference().equals(WalletPayments.REFERENCE)) {
            return captured(step);
        }
        // The gateway has used up a key: what it did under it is looked up before another one is tried.
        return GatewayProgress.of(step.progress()).attempt() == 0 ? capture(step) : lookFirst(step);
    }

    private StepResult capture(Capture step) throws InterruptedException {
        GatewayProgress progress = GatewayProgress.of(step.progress());
        return switch (gateway.capture(step.paymentId(), step.gatewayReference(), step.amount(), progress.attempt())) {
            case GatewayAnswer.Settled settled -> captured(step);
            case GatewayAnswer.Refused refused -> notCapturable(step, refused.code());
            case GatewayAnswer.UnderWay underWay -> StepResult.Unresolved.unexpected(step, "the capture is under way");
            case GatewayAnswer.ToAny noOutcome ->
                step.with(progress.after(noOutcome)).retryAfter(noOutcome);
        };
    }

    private StepResult lookFirst(Capture step) throws InterruptedException {
        return switch (find(step)) {
            case GatewayAnswer.Found found ->
                switch (found.status()) {
                    case AUTHORIZED -> capture(step);
                    case CAPTURED, REFUND_PENDING, REFUNDED -> captured(step);
                    case VOIDED, DECLINED -> withoutMoney(step, found.status(), "AUTHORIZATION_LOST");
                    case UNCONFIRMED, ACTION_REQUIRED ->
                        contradicted(step, "the gateway says that it is " + found.status());
                };
            case GatewayAnswer.Absent absent -> contradicted(step, "the gateway does not know it");
            case GatewayAnswer.ToAny noOutcome -> step.retryAfter(noOutcome);
        };
    }

    /** Not expected: it needs a person. */
    private static StepResult contradicted(Capture step, String what) {
        return StepResult.Unresolved.unexpected(step, "it was authorised and is to be captured, but " + what);
    }

    private GatewayAnswer.ToFind find(Capture step) throws InterruptedException {
        return gateway.find(new PaymentLookup(step.paymentId(), clock.instant(), step.gatewayReference()));
    }

    private StepResult captured(Capture step) throws InterruptedException {
        try {
            commands.send(new RecordCapture(step.paymentId()));
        } catch (RefusedException refused) {
            // A cancellation gave the points back first; that is how it ended.
            if (refused.code() != RefusalCode.PAYMENT_STATE_CONFLICT
                    || !step.gatewayReference().equals(WalletPayments.REFERENCE)) {
                throw refused;
            }
        }
        return StepResult.done();
    }

    /** The state at the gateway decides between an earlier cancellation, a repeat and a final refusal. */
    private StepResult notCapturable(Capture step, String code) throws InterruptedException {
        return switch (find(step)) {
            case GatewayAnswer.Found found ->
                MONEY_TAKEN.contains(found.status()) ? captured(step) : withoutMoney(step, found.status(), code);
            case GatewayAnswer.Absent absent -> withoutMoney(step, Status.AUTHORIZED, code);
            case GatewayAnswer.ToAny noOutcome -> step.retryAfter(noOutcome);
        };
    }

    /** Revokes the booking. A booking that was cancelled before does not change. */
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
