package dev.onsale.saga.payment;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.saga.payment.GatewayAnswer.Absent;
import dev.onsale.saga.payment.GatewayAnswer.Authorized;
import dev.onsale.saga.payment.GatewayAnswer.Declined;
import dev.onsale.saga.payment.GatewayAnswer.Found;
import dev.onsale.saga.payment.GatewayAnswer.NotSent;
import dev.onsale.saga.payment.GatewayAnswer.Refused;
import dev.onsale.saga.payment.GatewayAnswer.Settled;
import dev.onsale.saga.payment.GatewayAnswer.Status;
import dev.onsale.saga.payment.GatewayAnswer.Unknown;
import dev.onsale.saga.payment.GatewayCalls.Reply;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Speaks the public HTTP interface of Stripe: a PaymentIntent with manual capture for each payment, form-encoded requests, JSON
 * answers, the payment's own key as {@code Idempotency-Key} and, for finding it again, in the metadata. Searching lags behind by up to
 * a minute there, so {@link Absent} is no proof; whoever asks to authorise repeats the same request under the same key.
 */
final class StripeGateway implements PaymentGateway {

    private static final String VERSION = "2024-06-20";
    private static final String METADATA = "onsale_payment_id";
    private static final int PAYMENT_REQUIRED = 402;
    private static final int BAD_REQUEST = 400;
    private static final int CONFLICT = 409;
    private static final int TOO_MANY = 429;
    private static final String UNEXPECTED_STATE = "payment_intent_unexpected_state";

    private final GatewayCalls calls;
    private final String baseUrl;
    private final String secretKey;
    private final JsonMapper json;

    StripeGateway(GatewayCalls calls, URI baseUrl, String secretKey, JsonMapper json) {
        this.calls = calls;
        this.baseUrl = baseUrl + "/v1";
        this.secretKey = secretKey;
        this.json = json;
    }

    @Override
    public GatewayAnswer.ToAuthorize authorize(PaymentId paymentId, Money amount, PaymentMethod method)
            throws InterruptedException {
        if (!(method instanceof PaymentMethod.Card card)) {
            throw new IllegalArgumentException("The gateway takes cards alone");
        }
        Map<String, String> form = new LinkedHashMap<>();
        form.put("amount", Long.toString(amount.minorUnits()));
        form.put("currency", amount.currency().getCurrencyCode().toLowerCase(Locale.ROOT));
        form.put("payment_method", card.token());
        form.put("payment_method_types[]", "card");
        form.put("capture_method", "manual");
        form.put("confirm", "true");
        // Nobody is there to answer the bank's questions by the time the steps run.
        form.put("error_on_requires_action", "true");
        form.put("metadata[" + METADATA + "]", paymentId.toString());
        return switch (calls.make(post("/payment_intents", paymentId.toString(), form))) {
            case Reply.NotSent notSent -> new NotSent(notSent.detail());
            case Reply.Lost lost -> new Unknown(lost.detail());
            case Reply.Answered answered -> authorization(answered);
        };
    }

    private GatewayAnswer.ToAuthorize authorization(Reply.Answered answered) {
        if (isSuccess(answered)) {
            return switch (found(read(answered))) {
                case Found found ->
                    found.status() == Status.DECLINED
                            ? new Declined(found.declineReason())
                            : new Authorized(found.gatewayReference());
                case Unknown unknown -> unknown;
                case Absent absent -> new Unknown("an answer about no payment");
                case NotSent notSent -> notSent;
            };
        }
        JsonNode error = read(answered).path("error");
        return switch (answered.status()) {
            case PAYMENT_REQUIRED -> new Declined(declineCode(error));
            // It was read and cannot be, such as a payment method that does not exist.
            case BAD_REQUEST -> new Declined(code(error));
            case TOO_MANY -> new NotSent(shown(answered));
            default -> new Unknown(shown(answered));
        };
    }

    @Override
    public GatewayAnswer.ToSettle capture(PaymentId paymentId, String gatewayReference, Money amount)
            throws InterruptedException {
        return settle(
                "/payment_intents/" + encoded(gatewayReference) + "/capture",
                paymentId + ":capture",
                Map.of("amount_to_capture", Long.toString(amount.minorUnits())),
                "succeeded");
    }

    @Override
    public GatewayAnswer.ToSettle voidAuthorization(PaymentId paymentId, String gatewayReference)
            throws InterruptedException {
        return settle(
                "/payment_intents/" + encoded(gatewayReference) + "/cancel", paymentId + ":void", Map.of(), "canceled");
    }

    @Override
    public GatewayAnswer.ToSettle refund(PaymentId paymentId, String gatewayReference, Money amount)
            throws InterruptedException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("payment_intent", gatewayReference);
        form.put("amount", Long.toString(amount.minorUnits()));
        return settle("/refunds", paymentId + ":refund", form, "succeeded");
    }

    private GatewayAnswer.ToSettle settle(String path, String key, Map<String, String> form, String settledAs)
            throws InterruptedException {
        return switch (calls.make(post(path, key, form))) {
            case Reply.NotSent notSent -> new NotSent(notSent.detail());
            case Reply.Lost lost -> new Unknown(lost.detail());
            case Reply.Answered answered -> settlement(answered, settledAs);
        };
    }

    private GatewayAnswer.ToSettle settlement(Reply.Answered answered, String settledAs) {
        JsonNode body = read(answered);
        if (isSuccess(answered)) {
            String status = body.path("status").asString("");
            // A refund that the bank works on is booked at the provider and comes through, or is made good there.
            boolean underWay =
                    status.equals("pending") && body.path("object").asString("").equals("refund");
            return status.equals(settledAs) || underWay ? new Settled() : new Unknown("status " + status);
        }
        JsonNode error = body.path("error");
        String code = code(error);
        if (code.equals("charge_already_refunded")) {
            return new Settled();
        }
        if (code.equals(UNEXPECTED_STATE)
                && error.path("payment_intent").path("status").asString("").equals(settledAs)) {
            return new Settled();
        }
        return switch (answered.status()) {
            case BAD_REQUEST, PAYMENT_REQUIRED -> new Refused(code);
            case TOO_MANY, CONFLICT -> new NotSent(shown(answered));
            default -> new Unknown(shown(answered));
        };
    }

    @Override
    public GatewayAnswer.ToFind find(PaymentId paymentId) throws InterruptedException {
        String query = "metadata['" + METADATA + "']:'" + paymentId + "'";
        String address =
                baseUrl + "/payment_intents/search?query=" + encoded(query) + "&expand[]=data.latest_charge&limit=1";
        HttpRequest request =
                request(address.replace("[", "%5B").replace("]", "%5D")).GET().build();
        return switch (calls.make(request)) {
            case Reply.NotSent notSent -> new NotSent(notSent.detail());
            case Reply.Lost lost -> new Unknown(lost.detail());
            case Reply.Answered answered -> {
                if (answered.status() == TOO_MANY) {
                    yield new NotSent(shown(answered));
                }
                JsonNode hits = read(answered).path("data");
                if (!isSuccess(answered) || !hits.isArray()) {
                    yield new Unknown(shown(answered));
                }
                yield hits.isEmpty() ? new Absent() : found(hits.path(0));
            }
        };
    }

    private static GatewayAnswer.ToFind found(JsonNode intent) {
        JsonNode charge = intent.path("latest_charge");
        String told = intent.path("status").asString("");
        Status status =
                switch (told) {
                    case "requires_capture" -> Status.AUTHORIZED;
                    case "requires_payment_method" -> Status.DECLINED;
                    case "canceled" -> Status.VOIDED;
                    case "succeeded" -> charge.path("refunded").asBoolean(false) ? Status.REFUNDED : Status.CAPTURED;
                    default -> null;
                };
        if (status == null) {
            return new Unknown("status " + told);
        }
        try {
            return new Found(
                    intent.path("id").asString(),
                    status,
                    Money.of(
                            intent.path("amount").asLong(),
                            intent.path("currency").asString("").toUpperCase(Locale.ROOT)),
                    declineCode(intent.path("last_payment_error")));
        } catch (InvalidValueException | JacksonException e) {
            return new Unknown("an answer that cannot be read: " + e.getMessage());
        }
    }

    private HttpRequest post(String path, String idempotencyKey, Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
        return request(baseUrl + path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Idempotency-Key", idempotencyKey)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private HttpRequest.Builder request(String address) {
        return HttpRequest.newBuilder(URI.create(address))
                .header("Authorization", "Bearer " + secretKey)
                .header("Stripe-Version", VERSION);
    }

    private JsonNode read(Reply.Answered answered) {
        try {
            return json.readTree(answered.body());
        } catch (JacksonException e) {
            return json.missingNode();
        }
    }

    /** The reason for the buyer: the bank's, where there is one. */
    private static String declineCode(JsonNode error) {
        String code = error.path("decline_code").asString(code(error));
        return code.toUpperCase(Locale.ROOT);
    }

    private static String code(JsonNode error) {
        return error.path("code").asString(error.path("type").asString("declined"));
    }

    private String shown(Reply.Answered answered) {
        return "HTTP " + answered.status() + " " + code(read(answered).path("error"));
    }

    private static boolean isSuccess(Reply.Answered answered) {
        return answered.status() >= 200 && answered.status() < 300;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
