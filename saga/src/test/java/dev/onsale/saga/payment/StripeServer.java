package dev.onsale.saga.payment;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A server of the shape that Stripe documents for PaymentIntents with manual capture; it knows what the tests need. */
final class StripeServer implements AutoCloseable {

    static final String SECRET = "sk_test_onsale";

    private record Saved(int status, String body) {}

    private static final class Intent {
        final String id;
        final long amount;
        final String currency;
        final String payment;
        String status = "requires_capture";
        boolean refunded;

        Intent(String id, long amount, String currency, String payment) {
            this.id = id;
            this.amount = amount;
            this.currency = currency;
            this.payment = payment;
        }
    }

    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpServer server;
    private final Map<String, Intent> intents = new LinkedHashMap<>();
    private final Map<String, Saved> saved = new HashMap<>();
    final List<String> requests = new ArrayList<>();
    volatile @Nullable Integer nextFailure;
    volatile boolean losesNextAnswer;

    StripeServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/", this::handle);
        server.start();
    }

    URI baseUri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    synchronized long captured() {
        return intents.values().stream()
                .filter(intent -> intent.status.equals("succeeded") && !intent.refunded)
                .mapToLong(intent -> intent.amount)
                .sum();
    }

    synchronized int intents() {
        return intents.size();
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String path = exchange.getRequestURI().getPath().substring("/v1".length());
        requests.add(exchange.getRequestMethod() + " " + path + " " + form);
        Saved answer = answer(exchange, path, form);
        if (losesNextAnswer) {
            losesNextAnswer = false;
            exchange.close();
            return;
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Saved answer(HttpExchange exchange, String path, Map<String, String> form) {
        Integer failure = nextFailure;
        if (failure != null) {
            nextFailure = null;
            return error(failure, Map.of("type", "api_error", "code", "rate_limit"));
        }
        if (!("Bearer " + SECRET).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return error(401, Map.of("type", "invalid_request_error"));
        }
        if (exchange.getRequestMethod().equals("GET")) {
            return search(exchange.getRequestURI().getQuery());
        }
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (key == null) {
            return error(400, Map.of("type", "invalid_request_error", "code", "idempotency_key_missing"));
        }
        Saved before = saved.get(key);
        if (before != null) {
            return before;
        }
        Saved answer = post(path, form);
        saved.put(key, answer);
        return answer;
    }

    private Saved post(String path, Map<String, String> form) {
        if (path.equals("/payment_intents")) {
            return create(form);
        }
        if (path.equals("/refunds")) {
            return refund(form);
        }
        String[] parts = path.split("/", -1);
        Intent intent = intents.get(parts[2]);
        if (intent == null) {
            return error(404, Map.of("type", "invalid_request_error", "code", "resource_missing"));
        }
        if (!intent.status.equals("requires_capture")) {
            return error(
                    400,
                    Map.of(
                            "type",
                            "invalid_request_error",
                            "code",
                            "payment_intent_unexpected_state",
                            "payment_intent",
                            shown(intent)));
        }
        intent.status = parts[3].equals("capture") ? "succeeded" : "canceled";
        return ok(shown(intent));
    }

    private Saved create(Map<String, String> form) {
        if (!"manual".equals(form.get("capture_method")) || !"true".equals(form.get("confirm"))) {
            return error(400, Map.of("type", "invalid_request_error", "code", "parameter_missing"));
        }
        String card = form.getOrDefault("payment_method", "");
        if (card.equals("pm_card_visa_chargeDeclinedInsufficientFunds")) {
            return error(
                    402, Map.of("type", "card_error", "code", "card_declined", "decline_code", "insufficient_funds"));
        }
        if (!card.startsWith("pm_")) {
            return error(400, Map.of("type", "invalid_request_error", "code", "resource_missing"));
        }
        Intent intent = new Intent(
                "pi_" + (intents.size() + 1),
                Long.parseLong(form.getOrDefault("amount", "0")),
                form.getOrDefault("currency", ""),
                form.getOrDefault("metadata[onsale_payment_id]", ""));
        intents.put(intent.id, intent);
        return ok(shown(intent));
    }

    private Saved refund(Map<String, String> form) {
        Intent intent = intents.get(form.getOrDefault("payment_intent", ""));
        if (intent == null || !intent.status.equals("succeeded")) {
            return error(400, Map.of("type", "invalid_request_error", "code", "payment_intent_unexpected_state"));
        }
        if (intent.refunded) {
            return error(400, Map.of("type", "invalid_request_error", "code", "charge_already_refunded"));
        }
        intent.refunded = true;
        return ok(Map.of("id", "re_1", "object", "refund", "status", "succeeded"));
    }

    private Saved search(String query) {
        List<Object> hits = intents.values().stream()
                .filter(intent -> query.contains("'" + intent.payment + "'"))
                .<Object>map(this::shown)
                .toList();
        return ok(Map.of("object", "search_result", "data", hits, "has_more", false));
    }

    private Map<String, Object> shown(Intent intent) {
        return Map.of(
                "id",
                intent.id,
                "object",
                "payment_intent",
                "amount",
                intent.amount,
                "currency",
                intent.currency,
                "status",
                intent.status,
                "metadata",
                Map.of("onsale_payment_id", intent.payment),
                "latest_charge",
                Map.of("object", "charge", "refunded", intent.refunded));
    }

    private Saved ok(Object body) {
        return new Saved(200, json.writeValueAsString(body));
    }

    private Saved error(int status, Map<String, Object> error) {
        return new Saved(status, json.writeValueAsString(Map.of("error", error)));
    }

    private static Map<String, String> form(String body) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : body.isEmpty() ? new String[0] : body.split("&", -1)) {
            String[] parts = field.split("=", 2);
            fields.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return fields;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
