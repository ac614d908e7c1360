package dev.onsale.saga.reservation;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.payment.InitiatePayment;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.payment.RecordAuthorization;
import dev.onsale.api.payment.RecordDecline;
import dev.onsale.api.payment.RecordDelay;
import dev.onsale.api.view.PaymentStatus;
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
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Coupon, then money. A run may repeat one that was cut off anywhere: what the payment already says comes first, then what its coupon
 * and the gateway say under the payment's own key. The coupon of a declined payment comes back after the decline is recorded, so that
 * no repeat can go on with money and without its coupon.
 */
@Component
class Authorizing implements StepHandler<Authorize> {

    /** For the buyer: the gateway is out of reach; nothing was sent, and no money touched. */
    static final String GATEWAY_UNAVAILABLE = "GATEWAY_UNAVAILABLE";

    /** For the buyer: the answer was lost; it is asked for until it is known. */
    static final String OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN";

    /** For the buyer: the card's token was erased with all personal data before the gateway had it. */
    static final String PERSONAL_DATA_ERASED = RefusalCode.PERSONAL_DATA_ERASED.name();

    /** No request is on its way for longer than this, and by then a gateway finds what it has taken. */
    private static final Duration UNSEEN_MAX = Duration.ofMinutes(5);

    private final Commands commands;
    private final PaymentGateway gateway;
    private final CardTokens cards;
    private final Purse purse;
    private final Coupons coupons;
    private final Clock clock;

    Authorizing(
            Commands commands, PaymentGateway gateway, CardTokens cards, Purse purse, Coupons coupons, Clock clock) {
        this.commands = commands;
        this.gateway = gateway;
        this.cards = cards;
        this.purse = purse;
        this.coupons = coupons;
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
        Object status = commands.send(new InitiatePayment(
                step.paymentId(),
                step.reservationId(),
                step.performanceId(),
                step.buyerId(),
                step.amount(),
                step.method().masked()));
        if (status instanceof PaymentStatus told && told != PaymentStatus.REQUESTED) {
            return ended(step, told);
        }
        Optional<String> obstacle = coupons.redeem(step);
        if (obstacle.isPresent()) {
            return declined(step, obstacle.get());
        }
        if (Purse.pays(step.method(), step.amount())) {
            return recorded(step, purse.authorize(step));
        }
        if (!step.maybeSent() && !clock.instant().isBefore(step.payBefore())) {
            return declined(step, GATEWAY_UNAVAILABLE);
        }
        return step.maybeSent() ? askAgain(step) : askFirst(step);
    }

    /**
     * What fails before the call to the gateway leaves the step as it was: the request was certainly not sent. What fails in the call,
     * or in recording that the gateway may have it, marks the step.
     */
    private StepResult askFirst(Authorize step) throws InterruptedException {
        Optional<PaymentMethod> method = cards.open(step);
        if (method.isEmpty()) {
            return declined(step, PERSONAL_DATA_ERASED);
        }
        GatewayAnswer.@Nullable ToAuthorize answer = null;
        try {
            answer = gateway.authorize(step.paymentId(), step.amount(), method.get());
            return recorded(step, answer);
        } catch (InterruptedException | RuntimeException | Error failure) {
            if (answer instanceof NotSent || answer instanceof Declined) {
                throw failure;
            }
            // An interrupt is a stop of the node; the thread is not used again after the step is written back.
            return new StepResult.Unresolved(step.perhapsSent(), failure.toString());
        }
    }

    /**
     * A repeat of a run that was cut off after it had recorded how the payment ended, or one beside a run on another node. What was
     * declined here and sent all the same must not stay open at the gateway.
     */
    private StepResult ended(Authorize step, PaymentStatus status) throws InterruptedException {
        if (status != PaymentStatus.DECLINED) {
            return StepResult.done();
        }
        if (step.maybeSent() && !Purse.pays(step.method(), step.amount())) {
            switch (gateway.find(step.paymentId())) {
                case GatewayAnswer.Found found -> {
                    if (found.status() == Status.AUTHORIZED || found.status() == Status.CAPTURED) {
                        return new StepResult.Instead(
                                new GiveBack(step.paymentId(), RefusalCode.PAYMENT_STATE_CONFLICT.name()));
                    }
                }
                case GatewayAnswer.Absent absent -> {}
                case Unknown unknown -> {
                    return new StepResult.Unresolved(step, unknown.detail());
                }
                case NotSent notSent -> {
                    return new StepResult.NotBegun(step, notSent.detail());
                }
            }
        }
        coupons.restore(step.paymentId(), step.coupon());
        return StepResult.done();
    }

    private StepResult recorded(Authorize step, GatewayAnswer.ToAuthorize answer) throws InterruptedException {
        return switch (answer) {
            case Authorized authorized -> authorized(step, authorized.gatewayReference());
            case Declined declined -> declined(step, declined.reason());
            case Unknown unknown -> {
                commands.send(new RecordDelay(step.paymentId(), OUTCOME_UNKNOWN));
                yield new StepResult.Unresolved(step.perhapsSent(), unknown.detail());
            }
            case NotSent notSent -> {
                commands.send(
                        new RecordDelay(step.paymentId(), step.maybeSent() ? OUTCOME_UNKNOWN : GATEWAY_UNAVAILABLE));
                yield new StepResult.NotBegun(step, notSent.detail());
            }
        };
    }

    private GatewayAnswer.ToAuthorize ask(Authorize step) throws InterruptedException {
        Optional<PaymentMethod> method = cards.open(step);
        return method.isPresent()
                ? gateway.authorize(step.paymentId(), step.amount(), method.get())
                : new Declined(PERSONAL_DATA_ERASED);
    }

    private StepResult askAgain(Authorize step) throws InterruptedException {
        return switch (gateway.find(step.paymentId())) {
            // Found approved after its time, the reservation decides whether the seats can still be had.
            case GatewayAnswer.Found found ->
                recorded(
                        step,
                        found.status() == Status.DECLINED
                                ? new Declined(found.declineReason())
                                : new Authorized(found.gatewayReference()));
            // Absent may also mean: still on its way. The same request under the same key settles it.
            case GatewayAnswer.Absent absent ->
                clock.instant().isBefore(step.payBefore())
                        ? recorded(step, ask(step))
                        : declined(step, GATEWAY_UNAVAILABLE);
            case Unknown unknown -> recorded(step, unknown);
            case NotSent notSent -> recorded(step, notSent);
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
        coupons.restore(step.paymentId(), step.coupon());
        if (step.maybeSent() && (reason.equals(PERSONAL_DATA_ERASED) || reason.equals(GATEWAY_UNAVAILABLE))) {
            // The first request may still arrive. It is not sent again, so the gateway is asked once more later.
            return new StepResult.Again(step, clock.instant().plus(UNSEEN_MAX));
        }
        return StepResult.done();
    }
}
