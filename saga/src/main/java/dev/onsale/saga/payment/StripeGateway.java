package dev.onsale.saga.payment;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.StripeError;
import com.stripe.net.LiveStripeResponseGetter;
import com.stripe.net.RequestOptions;
import com.stripe.param.PaymentIntentCancelParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import dev.onsale.api.InvalidValueException;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.api.payment.RefundStatus;
import dev.onsale.saga.payment.GatewayAnswer.Absent;
import dev.onsale.saga.payment.GatewayAnswer.Declined;
import dev.onsale.saga.payment.GatewayAnswer.Foreign;
import dev.onsale.saga.payment.GatewayAnswer.Identified;
import dev.onsale.saga.payment.GatewayAnswer.Refused;
import dev.onsale.saga.payment.GatewayAnswer.Settled;
import dev.onsale.saga.payment.GatewayAnswer.UnderWay;
import dev.onsale.saga.payment.GatewayAnswer.Unknown;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to Stripe: a PaymentIntent with manual capture for each payment. It is made first and confirmed after that, so that a call
 * whose answer is lost can be looked up by the intent's id, and so that an unknown intent has moved no money.
 */
final class StripeGateway implements PaymentGateway {

    /** For the buyer: Stripe cannot move exactly this amount. */
    static final String AMOUNT_NOT_SUPPORTED = "AMOUNT_NOT_SUPPORTED";

    private static final long REFUNDS_MAX = 100;

    private final StripeClient stripe;
    private final StripeIntents intents;

    StripeGateway(GatewayCalls calls, URI baseUrl, String secretKey) {
        this.stripe = new StripeClient(
                new LiveStripeResponseGetter(new StripeOptions(baseUrl, secretKey), new StripeTransport(calls)));
        this.intents = new StripeIntents(stripe);
    }

    @Override
    public GatewayAnswer.ToAuthorize authorize(AuthorizationRequest request) throws InterruptedException {
        OptionalLong amount = StripeAmount.of(request.amount());
        if (amount.isEmpty()) {
            return new Declined(AMOUNT_NOT_SUPPORTED);
        }
        String id = request.gatewayReference();
        try {
            if (id == null) {
                PaymentIntent intent = create(request, amount.getAsLong());
                if (!StripeObjects.status(intent).equals("requires_confirmation")) {
                    return StripeObjects.authorization(intent);
                }
                id = intent.getId();
            }
            return StripeObjects.authorization(confirm(request, id));
        } catch (StripeException error) {
            PaymentIntent intent = intentOf(error, StripeErrors.UNEXPECTED_STATE);
            return intent == null ? StripeErrors.ofAuthorization(error, id) : StripeObjects.authorization(intent);
        }
    }

    private PaymentIntent create(AuthorizationRequest request, long amount) throws StripeException {
        if (!(request.method() instanceof PaymentMethod.Card card)) {
            throw new IllegalArgumentException("The gateway takes cards alone");
        }
        PaymentIntentCreateParams params = PaymentIntentCreateParams.builder()
                .setAmount(amount)
                .setCurrency(request.amount().currency().getCurrencyCode().toLowerCase(Locale.ROOT))
                .setPaymentMethod(card.token())
                .addPaymentMethodType("card")
                .setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.MANUAL)
                .putMetadata(StripeObjects.PAYMENT_ID, request.paymentId().toString())
                .build();
        return stripe.v1().paymentIntents().create(params, under(request.paymentId(), "", request.attempt()));
    }

    private PaymentIntent confirm(AuthorizationRequest request, String intent) throws StripeException {
        return stripe.v1()
                .paymentIntents()
                .confirm(
                        intent,
                        PaymentIntentConfirmParams.builder().build(),
                        under(intent, ":confirm", request.attempt()));
    }

    @Override
    public GatewayAnswer.ToSettle capture(PaymentId paymentId, String gatewayReference, Money amount, int attempt)
            throws InterruptedException {
        PaymentIntentCaptureParams params = PaymentIntentCaptureParams.builder()
                .setAmountToCapture(StripeAmount.of(amount).orElseThrow())
                .build();
        return settle("succeeded", () -> stripe.v1()
                .paymentIntents()
                .capture(gatewayReference, params, under(gatewayReference, ":capture", attempt)));
    }

    @Override
    public GatewayAnswer.ToSettle voidAuthorization(PaymentId paymentId, String gatewayReference, int attempt)
            throws InterruptedException {
        return settle("canceled", () -> stripe.v1()
                .paymentIntents()
                .cancel(
                        gatewayReference,
                        PaymentIntentCancelParams.builder().build(),
                        under(gatewayReference, ":void", attempt)));
    }

    private GatewayAnswer.ToSettle settle(String settledAs, IntentCall call) throws InterruptedException {
        try {
            PaymentIntent intent = call.make();
            return StripeObjects.status(intent).equals(settledAs)
                    ? new Settled()
                    : new Unknown("status " + StripeObjects.status(intent));
        } catch (StripeException error) {
            PaymentIntent intent = intentOf(error, StripeErrors.UNEXPECTED_STATE);
            return intent != null && StripeObjects.status(intent).equals(settledAs)
                    ? new Settled()
                    : StripeErrors.ofSettlement(error);
        }
    }

    /** Without an amount: whatever was not refunded at the dashboard before. */
    @Override
    public GatewayAnswer.ToSettle refund(PaymentId paymentId, String gatewayReference, Money amount, int attempt)
            throws InterruptedException {
        return refund(
                RefundCreateParams.builder()
                        .setPaymentIntent(gatewayReference)
                        .putMetadata(StripeObjects.PAYMENT_ID, paymentId.toString())
                        .build(),
                under(gatewayReference, ":refund", attempt));
    }

    @Override
    public GatewayAnswer.ToSettle refundPart(
            PaymentId paymentId, String gatewayReference, int part, Money amount, int attempt)
            throws InterruptedException {
        OptionalLong units = StripeAmount.of(amount);
        if (units.isEmpty()) {
            return new Refused(AMOUNT_NOT_SUPPORTED);
        }
        return refund(
                RefundCreateParams.builder()
                        .setPaymentIntent(gatewayReference)
                        .setAmount(units.getAsLong())
                        .putMetadata(StripeObjects.PAYMENT_ID, paymentId.toString())
                        .putMetadata(StripeObjects.PART, Integer.toString(part))
                        .build(),
                under(gatewayReference, ":refund-" + part, attempt));
    }

    private GatewayAnswer.ToSettle refund(RefundCreateParams params, RequestOptions options)
            throws InterruptedException {
        try {
            Refund refund = stripe.v1().refunds().create(params, options);
            RefundStatus status = StripeObjects.refundStatus(refund);
            return switch (status) {
                case SUCCEEDED -> new Settled();
                case PENDING, REQUIRES_ACTION -> new UnderWay(refund.getId());
                case FAILED, CANCELED -> new Refused("refund_" + status.name().toLowerCase(Locale.ROOT));
            };
        } catch (StripeException error) {
            return StripeErrors.ofSettlement(error);
        }
    }

    @Override
    public GatewayAnswer.ToFind find(PaymentLookup lookup) throws InterruptedException {
        String id = lookup.gatewayReference();
        AuthorizationRequest request = lookup.request();
        if (id == null && request != null) {
            return findByRepeat(lookup, request);
        }
        try {
            Optional<PaymentIntent> intent = id == null
                    ? intents.listed(lookup)
                    : Optional.of(stripe.v1().paymentIntents().retrieve(id));
            return intent.isPresent() ? found(intent.get()) : new Absent();
        } catch (StripeException error) {
            // An id that Stripe gave is missing under the key of another account or of test mode: Misconfigured, not
            // Absent.
            return StripeErrors.ofFinding(error, id);
        } catch (InvalidValueException | StripeIntents.TooManyException e) {
            return new Unknown(String.valueOf(e.getMessage()), id, false);
        }
    }

    /** Repeats the creation under the same key, which returns the same intent. An intent that is created now is not confirmed. */
    private GatewayAnswer.ToFind findByRepeat(PaymentLookup lookup, AuthorizationRequest request)
            throws InterruptedException {
        OptionalLong amount = StripeAmount.of(request.amount());
        if (amount.isEmpty()) {
            return new Absent();
        }
        try {
            String id = create(request, amount.getAsLong()).getId();
            return find(new PaymentLookup(lookup.paymentId(), lookup.around(), id));
        } catch (StripeException error) {
            return StripeErrors.ofRepeat(error);
        }
    }

    private GatewayAnswer.ToFind found(PaymentIntent intent) throws StripeException {
        if (!StripeObjects.status(intent).equals("succeeded")) {
            return StripeObjects.found(intent, List.of());
        }
        RefundListParams all = RefundListParams.builder()
                .setPaymentIntent(intent.getId())
                .setLimit(REFUNDS_MAX)
                .build();
        List<Refund> refunds = stripe.v1().refunds().list(all).getData();
        return StripeObjects.found(intent, refunds == null ? List.of() : refunds);
    }

    @Override
    public GatewayAnswer.ToIdentify identify(String gatewayReference) throws InterruptedException {
        try {
            String id = StripeObjects.paymentId(stripe.v1().paymentIntents().retrieve(gatewayReference));
            return id == null ? new Foreign() : new Identified(PaymentId.of(id));
        } catch (StripeException error) {
            return StripeErrors.isMissing(error) ? new Foreign() : StripeErrors.ofIdentifying(error);
        } catch (InvalidValueException e) {
            return new Foreign();
        }
    }

    @Override
    public GatewayAnswer.ToDispute dispute(String disputeReference) throws InterruptedException {
        try {
            return StripeObjects.dispute(stripe.v1().disputes().retrieve(disputeReference));
        } catch (StripeException error) {
            return StripeErrors.isMissing(error) ? new Absent() : StripeErrors.ofDispute(error);
        } catch (InvalidValueException e) {
            return new Unknown(String.valueOf(e.getMessage()));
        }
    }

    private static RequestOptions under(Object what, String verb, int attempt) {
        return RequestOptions.builder()
                .setIdempotencyKey(what + verb + (attempt == 0 ? "" : ":" + attempt))
                .build();
    }

    private static @Nullable PaymentIntent intentOf(StripeException error, String code) {
        StripeError body = error.getStripeError();
        return body == null || !StripeErrors.code(error).equals(code) ? null : body.getPaymentIntent();
    }

    private interface IntentCall {
        PaymentIntent make() throws StripeException;
    }
}
