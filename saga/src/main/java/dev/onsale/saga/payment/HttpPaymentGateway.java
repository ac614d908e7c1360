package dev.onsale.saga.payment;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.Money;
import dev.onsale.api.PaymentId;
import dev.onsale.api.payment.PaymentMethod;
import dev.onsale.saga.payment.GatewayAnswer.Absent;
import dev.onsale.saga.payment.GatewayAnswer.Authorized;
import dev.onsale.saga.payment.GatewayAnswer.Declined;
import dev.onsale.saga.payment.GatewayAnswer.Foreign;
import dev.onsale.saga.payment.GatewayAnswer.Found;
import dev.onsale.saga.payment.GatewayAnswer.Misconfigured;
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
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks the HTTP interface of Onsale's payment simulator. */
final class HttpPaymentGateway implements PaymentGateway {

    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final String IN_FLIGHT = "IDEMPOTENCY_KEY_IN_FLIGHT";

    private final GatewayCalls calls;
    private final String authorizations;
    private final JsonMapper json;

    HttpPaymentGateway(GatewayCalls calls, URI baseUrl, JsonMapper json) {
        this.calls = calls;
        this.authorizations = baseUrl + "/v1/authorizations";
        this.json = json;
    }

    @Override
    public GatewayAnswer.ToAuthorize authorize(AuthorizationRequest request) throws InterruptedException {
        if (!(request.method() instanceof PaymentMethod.Card card)) {
            throw new IllegalArgumentException("The gateway takes cards alone");
        }
        String key = request.paymentId().toString();
        Map<String, Object> body = Map.of("amount", request.amount(), "reference", key, "paymentToken", card.token());
        return switch (calls.make(post(authorizations, key, body))) {
            case Reply.NotSent notSent -> NotSent.of(notSent);
            case Reply.Lost lost -> new Unknown(lost.detail());
            case Reply.Answered answered -> authorization(answered);
        };
    }

    private GatewayAnswer.ToAuthorize authorization(Reply.Answered answered) {
        if (answered.status() == BAD_REQUEST) {
            // The gateway read the request and will have none of it, such as a card token that it does not know.
            return new Declined(code(answered));
        }
        return isSuccess(answered) ? asAuthorization(found(answered)) : new Unknown(shown(answered));
    }

    private static GatewayAnswer.ToAuthorize asAuthorization(GatewayAnswer.ToFind payment) {
        return switch (payment) {
            case Found found ->
                found.status() == Status.DECLINED
                        ? new Declined(found.declineReason())
                        : new Authorized(found.gatewayReference());
            case Absent absent -> new Unknown("an answer about no payment");
            case Unknown unknown -> unknown;
            case NotSent notSent -> notSent;
            case Misconfigured misconfigured -> misconfigured;
        };
    }

    @Override
    public GatewayAnswer.ToSettle capture(PaymentId paymentId, String gatewayReference, Money amount, int attempt)
            throws InterruptedException {
        return settle(paymentId, gatewayReference, "capture", "ALREADY_CAPTURED", Map.of("amount", amount));
    }

    @Override
    public GatewayAnswer.ToSettle voidAuthorization(PaymentId paymentId, String gatewayReference, int attempt)
            throws InterruptedException {
        return settle(paymentId, gatewayReference, "void", "ALREADY_VOIDED", Map.of());
    }

    @Override
    public GatewayAnswer.ToSettle refund(PaymentId paymentId, String gatewayReference, Money amount, int attempt)
            throws InterruptedException {
        return settle(paymentId, gatewayReference, "refund", "ALREADY_REFUNDED", Map.of("amount", amount));
    }

    @Override
    public GatewayAnswer.ToSettle refundPart(
            PaymentId paymentId, String gatewayReference, int part, Money amount, int attempt)
            throws InterruptedException {
        return settle(
                gatewayReference,
                "refund",
                paymentId + ":refund:" + part,
                "ALREADY_REFUNDED",
                Map.of("amount", amount));
    }

    private GatewayAnswer.ToSettle settle(
            PaymentId paymentId, String gatewayReference, String verb, String alreadyCode, Map<String, Object> body)
            throws InterruptedException {
        return settle(gatewayReference, verb, paymentId + ":" + verb, alreadyCode, body);
    }

    private GatewayAnswer.ToSettle settle(
            String gatewayReference, String verb, String key, String alreadyCode, Map<String, Object> body)
            throws InterruptedException {
        String address = authorizations + "/" + encoded(gatewayReference) + "/" + verb + "s";
        return switch (calls.make(post(address, key, body))) {
            case Reply.NotSent notSent -> NotSent.of(notSent);
            case Reply.Lost lost -> new Unknown(lost.detail());
            case Reply.Answered answered -> settlement(answered, alreadyCode);
        };
    }

    private GatewayAnswer.ToSettle settlement(Reply.Answered answered, String alreadyCode) {
        if (isSuccess(answered)) {
            return new Settled();
        }
        String code = code(answered);
        if (answered.status() != CONFLICT || code.equals(IN_FLIGHT)) {
            return new Unknown(shown(answered));
        }
        return code.equals(alreadyCode) ? new Settled() : new Refused(code);
    }

    @Override
    public GatewayAnswer.ToFind find(PaymentLookup lookup) throws InterruptedException {
        String address =
                authorizations + "?idempotencyKey=" + encoded(lookup.paymentId().toString());
        HttpRequest request = HttpRequest.newBuilder(URI.create(address)).GET().build();
        return switch (calls.make(request)) {
            case Reply.NotSent notSent -> NotSent.of(notSent);
            case Reply.Lost lost -> new Unknown(lost.detail());
            case Reply.Answered answered -> finding(answered);
        };
    }

    /** The simulator calls a payment by Onsale's own identifier. */
    @Override
    public GatewayAnswer.ToIdentify identify(String gatewayReference) {
        return new Foreign();
    }

    /** Nobody disputes a payment of the simulator. */
    @Override
    public GatewayAnswer.ToDispute dispute(String disputeReference) {
        return new Absent();
    }

    private GatewayAnswer.ToFind finding(Reply.Answered answered) {
        if (isSuccess(answered)) {
            return found(answered);
        }
        // Another 404 would be a wrong address, which says nothing about the payment.
        return answered.status() == NOT_FOUND && code(answered).equals("AUTHORIZATION_UNKNOWN")
                ? new Absent()
                : new Unknown(shown(answered));
    }

    private GatewayAnswer.ToFind found(Reply.Answered answered) {
        try {
            JsonNode payment = json.readTree(answered.body());
            Status status =
                    switch (payment.path("status").asString("")) {
                        case "AUTHORIZED" -> Status.AUTHORIZED;
                        case "DECLINED" -> Status.DECLINED;
                        case "CAPTURED", "PARTIALLY_REFUNDED" -> Status.CAPTURED;
                        case "VOIDED" -> Status.VOIDED;
                        case "REFUNDED" -> Status.REFUNDED;
                        default -> null;
                    };
            if (status == null) {
                return new Unknown(shown(answered));
            }
            JsonNode amount = payment.path("amount");
            return new Found(
                    payment.path("id").asString(),
                    status,
                    Money.of(
                            amount.path("minorUnits").asLong(),
                            amount.path("currency").asString()),
                    payment.path("declineCode").asString("DECLINED"));
        } catch (JacksonException | InvalidValueException e) {
            return new Unknown("an answer that cannot be read: " + e.getMessage());
        }
    }

    private HttpRequest post(String address, String idempotencyKey, Map<String, Object> body) {
        return HttpRequest.newBuilder(URI.create(address))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                .build();
    }

    private String code(Reply.Answered answered) {
        try {
            return json.readTree(answered.body()).path("code").asString("HTTP_" + answered.status());
        } catch (JacksonException e) {
            return "HTTP_" + answered.status();
        }
    }

    private String shown(Reply.Answered answered) {
        return "HTTP " + answered.status() + " " + code(answered);
    }

    private static boolean isSuccess(Reply.Answered answered) {
        return answered.status() >= 200 && answered.status() < 300;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
