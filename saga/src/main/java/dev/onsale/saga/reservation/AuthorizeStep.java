package dev.onsale.saga.reservation;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.payment.InitiatePayment;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.payment.RecordActionRequired;
import dev.onsale.api.payment.RecordAuthorization;
import dev.onsale.api.payment.RecordDecline;
import dev.onsale.api.payment.RecordDelay;
import dev.onsale.api.view.PaymentStatus;
import dev.onsale.saga.SagaProperties;
import dev.onsale.saga.payment.AuthorizationRequest;
import dev.onsale.saga.payment.GatewayAnswer;
import dev.onsale.saga.payment.GatewayAnswer.ActionRequired;
import dev.onsale.saga.payment.GatewayAnswer.Authorized;
import dev.onsale.saga.payment.GatewayAnswer.Declined;
import dev.onsale.saga.payment.GatewayAnswer.Misconfigured;
import dev.onsale.saga.payment.GatewayAnswer.NotSent;
import dev.onsale.saga.payment.GatewayAnswer.Status;
import dev.onsale.saga.payment.GatewayAnswer.Unknown;
import dev.onsale.saga.payment.PaymentGateway;
import dev.onsale.saga.payment.PaymentLookup;
import dev.onsale.saga.reservation.CheckoutStep.Authorize;
import dev.onsale.saga.reservation.CheckoutStep.Confirm;
import dev.onsale.saga.reservation.CheckoutStep.GiveBack;
import dev.onsale.saga.step.StepResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Coupon, then money. A run may repeat one that was cut off anywhere: what the payment already says comes first, then what its coupon
 * and the gateway say under the payment's own key. The coupon of a declined payment is restored after the decline is recorded, so that
 * no repeat can go on with money and without its coupon.
 */
@Component
class AuthorizeStep extends CheckoutStepHandler<Authorize> {

    /** For the buyer: the gateway is not reachable. Nothing was sent, and no money was taken. */
    static final String GATEWAY_UNAVAILABLE = "GATEWAY_UNAVAILABLE";

    /** For the buyer: the answer was lost. The step asks until it is known. */
    static final String OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN";

    /** For the buyer: the card's token was erased with all personal data before the gateway had it. */
    static final String PERSONAL_DATA_ERASED = RefusalCode.PERSONAL_DATA_ERASED.name();

    /** For the buyer: the gateway refuses the operator's settings; the payment continues when they are corrected. */
    static final String GATEWAY_MISCONFIGURED = "GATEWAY_MISCONFIGURED";

    /** For the buyer: the bank asked for an authentication that did not come in time. */
    static final String AUTHENTICATION_TIMED_OUT = "AUTHENTICATION_TIMED_OUT";

    /** For the buyer: the payment was given up at the gateway itself. */
    static final String CANCELLED_AT_GATEWAY = "CANCELLED_AT_GATEWAY";

    /** No request is on its way for longer than this, and by then a gateway finds what it has taken. */
    static final Duration UNSEEN_MAX = Duration.ofMinutes(5);

    /** Stripe keeps an idempotency key for at least 24 hours after its first use, which is at most a payment window before this. */
    private static final Duration KEY_KEPT = Duration.ofHours(12);

    private static final Set<PaymentStatus> UNDER_WAY =
            EnumSet.of(PaymentStatus.REQUESTED, PaymentStatus.ACTION_REQUIRED);

    /** Money is reserved or taken, or may still be: by a bank, or by a buyer who has the client secret. */
    private static final Set<Status> OPEN =
            EnumSet.of(Status.UNCONFIRMED, Status.ACTION_REQUIRED, Status.AUTHORIZED, Status.CAPTURED);

    private final CommandDispatcher commands;
    private final PaymentGateway gateway;
    private final CardTokens cards;
    private final WalletPayments purse;
    private final CouponRedemption coupons;
    private final ClientSecrets secrets;
    private final PaymentHistory facts;
    private final SagaProperties settings;
    private final Clock clock;

    AuthorizeStep(
            CommandDispatcher commands,
            PaymentGateway gateway,
            CardTokens cards,
            WalletPayments purse,
            CouponRedemption coupons,
            ClientSecrets secrets,
            PaymentHistory facts,
            SagaProperties settings,
            Clock clock) {
        super(Authorize.KIND, Authorize.class);
        this.commands = commands;
        this.gateway = gateway;
        this.cards = cards;
        this.purse = purse;
        this.coupons = coupons;
        this.secrets = secrets;
        this.facts = facts;
        this.settings = settings;
        this.clock = clock;
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
        if (status instanceof PaymentStatus told && !UNDER_WAY.contains(told)) {
            return ended(step, told);
        }
        return proceed(status == PaymentStatus.ACTION_REQUIRED ? markedAsWaiting(step) : step);
    }

    /** The run that gave the buyer the client secret may have died before the step was stored. */
    private Authorize markedAsWaiting(Authorize step) {
        GatewayProgress progress = progress(step);
        return progress.waitsForBuyer() && progress.gatewayReference() != null
                ? step
                : step.perhapsSent()
                        .with(progress.at(facts.gatewayReference(step.paymentId()))
                                .waiting());
    }

    private StepResult proceed(Authorize step) throws InterruptedException {
        Optional<String> obstacle = coupons.redeem(step);
        if (obstacle.isPresent()) {
            return refused(step, obstacle.get());
        }
        if (WalletPayments.pays(step.method(), step.amount())) {
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
            answer = gateway.authorize(request(step, method.get()));
            return recorded(step, answer);
        } catch (InterruptedException | RuntimeException | Error failure) {
            if (answer instanceof NotSent || answer instanceof Declined || answer instanceof Misconfigured) {
                throw failure;
            }
            // An interrupt is a stop of the node; the thread is not used again after the step is written back.
            return StepResult.Unresolved.failed(step.perhapsSent(), failure);
        }
    }

    /**
     * A repeat of a run that was cut off after it had recorded how the payment ended, or one beside a run on another node. What was
     * declined here and sent all the same must not stay open at the gateway.
     */
    private StepResult ended(Authorize step, PaymentStatus status) throws InterruptedException {
        if (status == PaymentStatus.AUTHORIZED && step.leadsOn()) {
            return new StepResult.Then(
                    Confirm.after(step, Objects.requireNonNull(facts.gatewayReference(step.paymentId()))));
        }
        if (status != PaymentStatus.DECLINED) {
            return StepResult.done();
        }
        if (step.maybeSent() && !WalletPayments.pays(step.method(), step.amount())) {
            switch (gateway.find(lookup(step))) {
                case GatewayAnswer.Found found -> {
                    if (OPEN.contains(found.status())) {
                        return new StepResult.Instead(giveBack(step, found.gatewayReference()));
                    }
                }
                case GatewayAnswer.Absent absent -> {}
                case GatewayAnswer.ToAny noOutcome -> {
                    return step.with(progress(step).after(noOutcome)).retryAfter(noOutcome);
                }
            }
        }
        coupons.restore(step.paymentId(), step.coupon());
        return StepResult.done();
    }

    private StepResult recorded(Authorize step, GatewayAnswer.ToAuthorize answer) throws InterruptedException {
        return switch (answer) {
            case Authorized authorized -> authorized(step, authorized.gatewayReference());
            case ActionRequired required -> waiting(step, required);
            case Declined declined -> refused(step, declined.reason());
            case Unknown unknown -> {
                commands.send(new RecordDelay(step.paymentId(), OUTCOME_UNKNOWN));
                yield step.perhapsSent().with(progress(step).after(unknown)).retryAfter(unknown);
            }
            case Misconfigured misconfigured -> {
                commands.send(new RecordDelay(step.paymentId(), GATEWAY_MISCONFIGURED));
                yield step.with(progress(step).after(misconfigured)).retryAfter(misconfigured);
            }
            case NotSent notSent -> {
                commands.send(
                        new RecordDelay(step.paymentId(), step.maybeSent() ? OUTCOME_UNKNOWN : GATEWAY_UNAVAILABLE));
                yield new StepResult.NotBegun(step, notSent.detail(), pause(step, notSent));
            }
        };
    }

    /** The gateway's pause, limited to the time left for the payment and, after it, to the longest retry pause. */
    private @Nullable Duration pause(Authorize step, NotSent notSent) {
        Duration asked = notSent.retryAfter();
        Duration left = Duration.between(clock.instant(), step.payBefore());
        Duration longest = left.isNegative() ? settings.retryAfterMax() : left;
        return asked == null || asked.compareTo(longest) < 0 ? asked : longest;
    }

    /** No thread waits while the buyer authenticates. The step runs again on the gateway's webhook, or after an interval. */
    private StepResult waiting(Authorize step, ActionRequired required) throws InterruptedException {
        if (!progress(step).waitsForBuyer()) {
            commands.send(new RecordActionRequired(
                    step.paymentId(), required.gatewayReference(), secrets.seal(step, required.clientSecret())));
        }
        GatewayProgress waiting = progress(step).at(required.gatewayReference()).waiting();
        Instant look = clock.instant().plus(settings.actionPollInterval());
        return new StepResult.Again(
                step.perhapsSent().with(waiting), look.isBefore(step.payBefore()) ? look : step.payBefore());
    }

    private GatewayAnswer.ToAuthorize ask(Authorize step) throws InterruptedException {
        Optional<PaymentMethod> method = cards.open(step);
        return method.isPresent() ? gateway.authorize(request(step, method.get())) : new Declined(PERSONAL_DATA_ERASED);
    }

    private static AuthorizationRequest request(Authorize step, PaymentMethod method) {
        GatewayProgress progress = progress(step);
        return new AuthorizationRequest(
                step.paymentId(), step.amount(), method, progress.attempt(), progress.gatewayReference());
    }

    /** With the request, if its answer was lost: a repeat under the same key gets the lost answer. */
    private PaymentLookup lookup(Authorize step) {
        GatewayProgress progress = progress(step);
        boolean isRepeated = progress.gatewayReference() == null
                && progress.isKeySent()
                && clock.instant().isBefore(step.payBefore().plus(KEY_KEPT));
        AuthorizationRequest request = isRepeated
                ? cards.open(step).map(method -> request(step, method)).orElse(null)
                : null;
        return new PaymentLookup(step.paymentId(), step.payBefore(), progress.gatewayReference(), request);
    }

    private static GatewayProgress progress(Authorize step) {
        return GatewayProgress.of(step.progress());
    }

    private StepResult askAgain(Authorize step) throws InterruptedException {
        boolean isInTime = clock.instant().isBefore(step.payBefore());
        return switch (gateway.find(lookup(step))) {
            case GatewayAnswer.Found found -> found(step, found, isInTime);
            // Absent may also mean: still on its way. The same request under the same key settles it.
            case GatewayAnswer.Absent absent ->
                isInTime ? recorded(step.with(progress(step).sent()), ask(step)) : refused(step, GATEWAY_UNAVAILABLE);
            case GatewayAnswer.ToAny noOutcome -> recorded(step, noOutcome);
        };
    }

    private StepResult found(Authorize step, GatewayAnswer.Found found, boolean isInTime) throws InterruptedException {
        String reference = found.gatewayReference();
        Authorize known = step.with(progress(step).at(reference));
        return switch (found.status()) {
            // Found approved after its time, the reservation decides whether the seats can still be had.
            case AUTHORIZED, CAPTURED -> authorized(step, reference);
            case UNCONFIRMED -> isInTime ? recorded(known, ask(known)) : givenUp(known, reference, GATEWAY_UNAVAILABLE);
            case ACTION_REQUIRED -> {
                String secret = found.clientSecret();
                yield isInTime && secret != null
                        ? recorded(known, new ActionRequired(reference, secret))
                        : givenUp(known, reference, AUTHENTICATION_TIMED_OUT);
            }
            case DECLINED -> refused(known, found.declineReason());
            case VOIDED, REFUND_PENDING, REFUNDED -> declined(step, CANCELLED_AT_GATEWAY);
        };
    }

    /** A buyer with the client secret could still pay with another card, although the decline is recorded. */
    private StepResult refused(Authorize step, String reason) throws InterruptedException {
        GatewayProgress progress = progress(step);
        String reference = progress.gatewayReference();
        return progress.waitsForBuyer() && reference != null
                ? givenUp(step, reference, reason)
                : declined(step, reason);
    }

    /** Voids it at the gateway first, so that a payment recorded as declined can never be authorised. */
    private StepResult givenUp(Authorize step, String reference, String reason) throws InterruptedException {
        GatewayProgress progress = progress(step);
        return switch (gateway.voidAuthorization(step.paymentId(), reference, progress.attempt())) {
            case GatewayAnswer.Settled settled -> declined(step, reason);
            case GatewayAnswer.Refused refused ->
                StepResult.Unresolved.unexpected(step, "the gateway refuses to void it: " + refused.code());
            case GatewayAnswer.UnderWay underWay -> StepResult.Unresolved.unexpected(step, "the void is under way");
            case NotSent notSent -> new StepResult.NotBegun(step, notSent.detail(), pause(step, notSent));
            case GatewayAnswer.ToAny noOutcome ->
                step.with(progress.after(noOutcome)).retryAfter(noOutcome);
        };
    }

    private static GiveBack giveBack(Authorize step, String reference) {
        return new GiveBack(
                step.paymentId(), RefusalCode.PAYMENT_STATE_CONFLICT.name(), GatewayProgress.known(reference));
    }

    private StepResult authorized(Authorize step, String gatewayReference) throws InterruptedException {
        try {
            commands.send(new RecordAuthorization(step.paymentId(), gatewayReference));
            return step.leadsOn() ? new StepResult.Then(Confirm.after(step, gatewayReference)) : StepResult.done();
        } catch (RefusedException refused) {
            if (refused.code() == RefusalCode.PAYMENT_STATE_CONFLICT) {
                // The payment has ended another way, so nothing will ever take or release this authorisation.
                return new StepResult.Instead(giveBack(step, gatewayReference));
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
