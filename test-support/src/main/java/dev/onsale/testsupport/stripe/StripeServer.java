package dev.onsale.testsupport.stripe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Responds like Stripe (docs.stripe.com/api). The response to the first request with an idempotency key is stored,
 * including a 500, and replayed. The same key with other parameters is refused. A second request while the first is in
 * progress gets 409. Responses to requests that fail authentication, validation or the rate limit are not stored.
 * Search is never up to date and finds nothing. Thread-safe.
 */
public final class StripeServer implements AutoCloseable {

    public static final String SECRET = "sk_test_onsale";

    /** A fault of the next modifying request. */
    public enum Fault {
        NONE,
        /** Responds with 500; the request had no effect. */
        FAILS,
        /** Responds with 500 after the request had its effect. */
        FAILS_AFTERWARDS,
        /** Closes the connection without a response after the request had its effect. */
        LOSES_THE_ANSWER,
        /** Closes the connection without a response; the request had no effect. */
        LOSES_THE_REQUEST,
        /** Responds with 429; the request had no effect and no response is stored. */
        TOO_MANY
    }

    record Answer(int status, Object body) {}

    private record Kept(String request, @Nullable Answer answer) {}

    private record Hold(CountDownLatch latch, boolean isDoneBefore) {}

    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpServer server;
    private final Map<String, Kept> kept = new HashMap<>();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private final Set<String> keys = new HashSet<>();
    private final Map<String, Hold> holds = new HashMap<>();
    private @Nullable CountDownLatch gate;
    private @Nullable Answer refusal;
    private volatile int refusesAllWith;
    private volatile @Nullable String retryAfter;

    public final StripeBooks books = new StripeBooks();
    public final List<String> requests = new CopyOnWriteArrayList<>();

    public StripeServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/", this::handle);
        server.start();
    }

    public URI baseUri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Plans one fault per modifying request, in this order. */
    public synchronized void next(Fault... planned) {
        faults.addAll(List.of(planned));
    }

    /**
     * Responds to all requests with a status, such as 401 for a wrong key or 403 for a missing permission. 0 ends it.
     */
    public void refuseAllWith(int status) {
        refusesAllWith = status;
    }

    /** Makes modifying requests wait for the latch. */
    public synchronized void holdUntil(@Nullable CountDownLatch latch) {
        gate = latch;
    }

    /**
     * Makes requests of one kind wait for the latch.
     *
     * @param verb last part of the path, such as {@code confirm}
     * @param isDoneBefore whether the request is executed at once and only its response waits
     */
    public synchronized void hold(String verb, CountDownLatch latch, boolean isDoneBefore) {
        holds.put(verb, new Hold(latch, isDoneBefore));
    }

    public synchronized void holdNothing() {
        holds.clear();
    }

    /** Refuses the next modifying request before it is executed, so that no response is stored. */
    public synchronized void refuseNext(
            int status, String type, @Nullable String code, @Nullable String param, String message) {
        refusal = new Answer(status, Map.of("error", StripeJson.error(type, code, param, message)));
    }

    /** Sets the {@code Retry-After} header of each following 429. */
    public void askForPauses(@Nullable String seconds) {
        retryAfter = seconds;
    }

    /** Number of different idempotency keys received. */
    public synchronized int keysUsed() {
        return keys.size();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath().substring("/v1".length());
        String query = exchange.getRequestURI().getRawQuery();
        Map<String, String> fields = fields(exchange.getRequestMethod().equals("GET") ? query : body);
        requests.add(exchange.getRequestMethod() + " " + path + " " + fields);
        Answer refused = refused(exchange);
        if (refused != null) {
            send(exchange, refused, false);
        } else if (exchange.getRequestMethod().equals("GET")) {
            send(exchange, books.get(path, fields), false);
        } else {
            post(exchange, path, fields);
        }
    }

    private @Nullable Answer refused(HttpExchange exchange) {
        boolean isKnown =
                ("Bearer " + SECRET).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        if (refusesAllWith == 401 || !isKnown) {
            return StripeBooks.error(401, "invalid_request_error", "api_key_invalid", null);
        }
        int status = refusesAllWith;
        if (status >= 500) {
            return StripeBooks.error(status, "api_error", null, null);
        }
        if (status != 0) {
            String code = status == 429 ? "rate_limit" : "account_invalid";
            return StripeBooks.error(status, "invalid_request_error", code, null);
        }
        String version = exchange.getRequestHeaders().getFirst("Stripe-Version");
        return StripeJson.VERSION.equals(version)
                ? null
                : new Answer(
                        400,
                        Map.of(
                                "error",
                                StripeJson.error(
                                        "invalid_request_error",
                                        null,
                                        null,
                                        "Invalid Stripe API version: " + version)));
    }

    private void post(HttpExchange exchange, String path, Map<String, String> fields) throws IOException {
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        String request = path + " " + fields;
        Fault fault;
        CountDownLatch held;
        synchronized (this) {
            keys.add(key);
            Kept before = kept.get(key);
            if (before != null) {
                send(exchange, repeated(before, request), before.answer() != null);
                return;
            }
            if (refusal != null) {
                Answer refused = refusal;
                refusal = null;
                send(exchange, refused, false);
                return;
            }
            fault = faults.poll();
            if (fault == Fault.TOO_MANY) {
                send(exchange, StripeBooks.error(429, "invalid_request_error", "rate_limit", null), false);
                return;
            }
            kept.put(key, new Kept(request, null));
            held = gate;
        }
        await(held);
        Hold hold = holdOf(path);
        await(hold == null || hold.isDoneBefore() ? null : hold.latch());
        Answer answer = carriedOut(path, fields, fault);
        await(hold == null || !hold.isDoneBefore() ? null : hold.latch());
        synchronized (this) {
            if (fault == Fault.LOSES_THE_REQUEST || isInvalid(answer)) {
                kept.remove(key);
            } else {
                kept.put(key, new Kept(request, answer));
            }
        }
        if (fault == Fault.LOSES_THE_ANSWER || fault == Fault.LOSES_THE_REQUEST) {
            exchange.close();
        } else {
            send(exchange, answer, false);
        }
    }

    private synchronized @Nullable Hold holdOf(String path) {
        return holds.get(path.substring(path.lastIndexOf('/') + 1));
    }

    private Answer carriedOut(String path, Map<String, String> fields, @Nullable Fault fault) {
        Answer failed = StripeBooks.error(500, "api_error", null, null);
        if (fault == Fault.FAILS || fault == Fault.LOSES_THE_REQUEST) {
            return failed;
        }
        Answer done = books.post(path, fields);
        return fault == Fault.FAILS_AFTERWARDS ? failed : done;
    }

    private static boolean isInvalid(Answer answer) {
        return answer.status() == 400 && answer.body().toString().contains("parameter_");
    }

    private static Answer repeated(Kept before, String request) {
        if (!before.request().equals(request)) {
            return new Answer(
                    400,
                    Map.of(
                            "error",
                            StripeJson.error(
                                    "idempotency_error",
                                    null,
                                    null,
                                    "Keys for idempotent requests can only be used with the same parameters they were"
                                            + " first used with.")));
        }
        Answer answer = before.answer();
        return answer == null
                ? StripeBooks.error(409, "invalid_request_error", "idempotency_key_in_use", null)
                : answer;
    }

    private static void await(@Nullable CountDownLatch latch) {
        try {
            if (latch != null && !latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the latch was not released");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(HttpExchange exchange, Answer answer, boolean isReplay) throws IOException {
        byte[] body = json.writeValueAsBytes(answer.body());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Request-Id", "req_" + requests.size());
        exchange.getResponseHeaders().set("Stripe-Version", StripeJson.VERSION);
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (key != null) {
            exchange.getResponseHeaders().set("Idempotency-Key", key);
        }
        if (isReplay) {
            exchange.getResponseHeaders().set("Idempotent-Replayed", "true");
        }
        String pause = retryAfter;
        if (answer.status() == 429 && pause != null) {
            exchange.getResponseHeaders().set("Retry-After", pause);
        }
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static Map<String, String> fields(@Nullable String encoded) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : encoded == null || encoded.isEmpty() ? new String[0] : encoded.split("&", -1)) {
            String[] parts = field.split("=", 2);
            fields.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return fields;
    }

    /** The signature header of an event, as Stripe computes it. */
    public static String signature(String secret, Instant at, byte[] event) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        mac.update((at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
        return "t=" + at.getEpochSecond() + ",v1=" + HexFormat.of().formatHex(mac.doFinal(event));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
