package dev.onsale.saga.payment;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.CardException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.StripeError;
import dev.onsale.saga.payment.GatewayAnswer.Absent;
import dev.onsale.saga.payment.GatewayAnswer.Declined;
import dev.onsale.saga.payment.GatewayAnswer.Misconfigured;
import dev.onsale.saga.payment.GatewayAnswer.NotSent;
import dev.onsale.saga.payment.GatewayAnswer.Refused;
import dev.onsale.saga.payment.GatewayAnswer.Unknown;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What Stripe's errors mean (docs.stripe.com/error-low-level, /error-codes): a fault of the buyer, a fault of the operator, or unknown. */
final class StripeErrors {

    static final String UNEXPECTED_STATE = "payment_intent_unexpected_state";
    static final String RESOURCE_MISSING = "resource_missing";

    private static final int SERVER_ERROR = 500;
    private static final String VERSION_REFUSED = "Invalid Stripe API version";

    /** The operator activates cards in the dashboard. A token cannot cause it: Onsale takes cards alone. */
    private static final String NOT_ACTIVATED = "payment_method_unactivated";

    /** Parameters that say how the buyer pays. Onsale sets every other one without the buyer. */
    private static final Set<String> OF_THE_PAYMENT_METHOD = Set.of(
            "bank_account",
            "billing_details",
            "card",
            "customer",
            "cvc",
            "exp_month",
            "exp_year",
            "number",
            "payment_method",
            "payment_method_data",
            "payment_method_options",
            "source",
            "source_data",
            "token");

    /** Errors of the operator's account, its keys and the version of the interface. {@code account_closed} is a buyer's bank account. */
    private static final Pattern OF_THE_ACCOUNT =
            Pattern.compile("account_(invalid$|error_|country_)|api_key_|api_version_|livemode_|"
                    + "platform_|secret_key_|testmode_|tls_version_");

    /** The payment is impossible: no repeat and no setting changes that. */
    private static final Set<String> OF_THE_PAYMENT = Set.of(
            "amount_too_large",
            "amount_too_small",
            "invalid_charge_amount_no_decimal_compatible",
            "payment_intent_authentication_failure",
            "payment_intent_incompatible_payment_method",
            "payment_intent_payment_attempt_failed",
            "payment_method_customer_decline",
            "payment_method_not_available",
            "payment_method_provider_decline",
            "payment_method_unexpected_state",
            "token_already_used",
            "token_in_use");

    /** The state of the payment does not allow a capture, a cancellation or a refund. */
    private static final Set<String> OF_THE_STATE = Set.of(
            UNEXPECTED_STATE,
            "capture_charge_authorization_expired",
            "capture_unauthorized_payment",
            "charge_already_captured",
            "charge_already_refunded",
            "charge_disputed",
            "charge_exceeds_source_limit",
            "charge_expired_for_capture",
            "charge_not_refundable");

    private StripeErrors() {}

    /** What an error means for an authorisation. */
    static GatewayAnswer.ToAuthorize ofAuthorization(StripeException error, @Nullable String intent)
            throws InterruptedException {
        if (error instanceof CardException card) {
            return new Declined(reason(card));
        }
        if (error instanceof InvalidRequestException invalid && !isOfTheOperator(invalid)) {
            return new Declined(code(invalid).toUpperCase(Locale.ROOT));
        }
        return common(error, intent);
    }

    /** What an error means for a capture, a cancellation or a refund. */
    static GatewayAnswer.ToSettle ofSettlement(StripeException error) throws InterruptedException {
        boolean isRefused = error instanceof CardException
                || (error instanceof InvalidRequestException && OF_THE_STATE.contains(code(error)));
        return isRefused ? new Refused(code(error)) : common(error, null);
    }

    /** Looking uses up no key. */
    static GatewayAnswer.ToFind ofFinding(StripeException error, @Nullable String intent) throws InterruptedException {
        GatewayAnswer.ToAny answer = common(error, intent);
        return answer instanceof Unknown unknown ? new Unknown(unknown.detail(), intent, false) : answer;
    }

    /** What an error of a repeated creation means. A refusal for good says that there is no intent. */
    static GatewayAnswer.ToFind ofRepeat(StripeException error) throws InterruptedException {
        boolean isRefused = error instanceof CardException
                || (error instanceof InvalidRequestException invalid && !isOfTheOperator(invalid));
        return isRefused ? new Absent() : common(error, null);
    }

    static GatewayAnswer.ToIdentify ofIdentifying(StripeException error) throws InterruptedException {
        return common(error, null);
    }

    static GatewayAnswer.ToDispute ofDispute(StripeException error) throws InterruptedException {
        return common(error, null);
    }

    static boolean isMissing(StripeException error) {
        return error instanceof InvalidRequestException && code(error).equals(RESOURCE_MISSING);
    }

    /** What means the same for every call. */
    private static GatewayAnswer.ToAny common(StripeException error, @Nullable String intent)
            throws InterruptedException {
        if (error.getCause() instanceof InterruptedException) {
            boolean unused = Thread.interrupted();
            throw new InterruptedException("The node stops");
        }
        String detail = detail(error);
        return switch (error) {
            // Also for the rate limit, 429.
            case StripeTransport.NotSentException notSent -> NotSent.of(notSent.reply());
            case ApiConnectionException lost -> new Unknown(detail, intent, false);
            // The key (401), or the account (403).
            case AuthenticationException refused -> new Misconfigured(detail, intent);
            // The key was used with other content, by another version of Onsale: nothing happened under it now.
            case IdempotencyException reused -> new Unknown(detail, intent, true);
            case InvalidRequestException invalid -> new Misconfigured(detail, intent);
            // Stripe repeats a 500 under the same key; 409 says that the first call under this key is still under way.
            default -> new Unknown(detail, intent, status(error) >= SERVER_ERROR);
        };
    }

    private static int status(StripeException error) {
        Integer status = error.getStatusCode();
        return status == null ? 0 : status;
    }

    private static String detail(StripeException error) {
        if (status(error) == 0) {
            return String.valueOf(error.getMessage());
        }
        StripeError body = error.getStripeError();
        return Stream.of("HTTP " + status(error), body == null ? null : body.getType(), error.getCode())
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining(" "))
                + ", request " + error.getRequestId();
    }

    /**
     * Whether an invalid request is the operator's fault or Onsale's. Any other may come from what the buyer sent, such as a token that
     * Stripe cannot read, and must not keep the payments of others waiting.
     */
    private static boolean isOfTheOperator(InvalidRequestException error) {
        String code = code(error);
        String param = error.getParam();
        if (code.equals(NOT_ACTIVATED)) {
            return true;
        }
        if (OF_THE_PAYMENT.contains(code)) {
            return false;
        }
        if (param != null) {
            return OF_THE_PAYMENT_METHOD.stream().noneMatch(name -> isParam(name, param));
        }
        String message = error.getUserMessage();
        return OF_THE_ACCOUNT.matcher(code).lookingAt() || (message != null && message.startsWith(VERSION_REFUSED));
    }

    /** Also for a part of it, such as {@code metadata[order]}. */
    private static boolean isParam(String name, String param) {
        return param.equals(name) || param.startsWith(name + "[");
    }

    /** The bank's reason, where there is one. */
    private static String reason(CardException error) {
        String bank = error.getDeclineCode();
        return (bank == null ? code(error) : bank).toUpperCase(Locale.ROOT);
    }

    static String code(StripeException error) {
        String code = error.getCode();
        StripeError body = error.getStripeError();
        String type = body == null ? null : body.getType();
        return Objects.requireNonNullElse(
                code, Objects.requireNonNullElse(type, error.getClass().getSimpleName()));
    }
}
