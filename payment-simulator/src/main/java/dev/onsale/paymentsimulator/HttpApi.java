package dev.onsale.paymentsimulator;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** The HTTP layer: routes, headers and bodies. */
final class HttpApi implements BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {
    static final int BODY_BYTES_MAX = 64 * 1024;
    static final int PAGE_ENTRIES_DEFAULT = 100;
    static final int PAGE_ENTRIES_MAX = 1_000;

    private static final Duration BODY_LIMIT = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
    private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final Gateway gateway;

    HttpApi(Gateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public Publisher<Void> apply(HttpServerRequest request, HttpServerResponse response) {
        return Mono.defer(() -> answer(request, response))
                .onErrorResume(failure -> Mono.just(Delivery.whole(problem(failure, response))))
                .flatMap(delivery -> onEventLoop(delivery, response))
                .flatMap(delivery -> AnswerSender.send(delivery, response));
    }

    /**
     * Each response is sent from a task on the event loop of the connection. Otherwise Reactor Netty 1.3.7 may stop
     * reading a connection: it does so when a queued request is answered while the queue is being emptied.
     */
    private static Mono<Delivery> onEventLoop(Delivery delivery, HttpServerResponse response) {
        return Mono.create(sink -> response.withConnection(
                connection -> connection.channel().eventLoop().execute(() -> sink.success(delivery))));
    }

    private Mono<Delivery> answer(HttpServerRequest request, HttpServerResponse response) {
        var query = queryOf(request);
        var handlers = handlersAt(query);
        if (handlers == null) {
            throw new ProblemException(ProblemCode.ROUTE_UNKNOWN, "See the description of the HTTP API.");
        }
        var handler = handlers.get(request.method().name());
        if (handler == null) {
            var allowed = String.join(", ", new TreeSet<>(handlers.keySet()));
            response.header(HttpHeaderNames.ALLOW, allowed);
            throw new ProblemException(ProblemCode.METHOD_NOT_ALLOWED, "Allowed: " + allowed + ".");
        }
        return handler.handle(request);
    }

    private @Nullable Map<String, Handler> handlersAt(QueryStringDecoder query) {
        var segments = Arrays.asList(query.rawPath().split("/", -1));
        boolean aboutOne = segments.size() >= 4 && segments.get(2).equals("authorizations");
        var id = aboutOne ? segments.get(3) : "";
        if (aboutOne) {
            segments.set(3, "{id}");
        }
        return switch (String.join("/", segments)) {
            case "/health" -> Map.of("GET", at(gateway::health));
            case "/v1/settings" -> Map.of("GET", at(this::settings), "PUT", this::changeSettings);
            case "/v1/ledger" -> Map.of("GET", at(() -> page(query)));
            case "/v1/ledger/balance" -> Map.of("GET", at(gateway::balances));
            case "/v1/authorizations" ->
                Map.of("GET", at(() -> findByKey(query)), "POST", changing(RequestReader::authorize));
            case "/v1/authorizations/{id}" -> Map.of("GET", at(() -> gateway.findById(shown(id))));
            case "/v1/authorizations/{id}/captures" ->
                Map.of("POST", changing(body -> RequestReader.capture(shown(id), body)));
            case "/v1/authorizations/{id}/voids" ->
                Map.of("POST", changing(body -> RequestReader.voided(shown(id), body)));
            case "/v1/authorizations/{id}/refunds" ->
                Map.of("POST", changing(body -> RequestReader.refund(shown(id), body)));
            default -> null;
        };
    }

    private Answer settings() {
        return Answer.json(200, gateway.settings());
    }

    private Mono<Delivery> changeSettings(HttpServerRequest request) {
        return body(request).map(body -> {
            gateway.change(RequestReader.settings(body));
            return Delivery.whole(settings());
        });
    }

    private Answer page(QueryStringDecoder query) {
        requireOnly(query, "after", "limit");
        long after = number(query, "after", 0, 0, Long.MAX_VALUE);
        long limit = number(query, "limit", PAGE_ENTRIES_DEFAULT, 1, PAGE_ENTRIES_MAX);
        return gateway.page(after, (int) limit);
    }

    private Answer findByKey(QueryStringDecoder query) {
        requireOnly(query, "idempotencyKey");
        var key = parameter(query, "idempotencyKey");
        if (key == null || !IDEMPOTENCY_KEY.matcher(key).matches()) {
            throw new ProblemException(
                    ProblemCode.QUERY_INVALID, "idempotencyKey is required: 1 to 255 visible ASCII characters.");
        }
        return gateway.findByKey(key);
    }

    private Handler changing(BodyReader reader) {
        return request -> {
            var key = idempotencyKey(request);
            // A disconnect must not cancel the charge.
            return body(request)
                    .flatMap(body -> Mono.fromFuture(() -> gateway.submit(key, reader.read(body)), true))
                    .timeout(SimulatorOptions.DELAY_LIMIT.multipliedBy(2));
        };
    }

    private static String idempotencyKey(HttpServerRequest request) {
        var all = request.requestHeaders().getAll("Idempotency-Key");
        if (all.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.IDEMPOTENCY_KEY_MISSING,
                    "Send a new key with each new request and the same key with a repeat.");
        }
        if (all.size() > 1 || !IDEMPOTENCY_KEY.matcher(all.get(0)).matches()) {
            throw new ProblemException(
                    ProblemCode.IDEMPOTENCY_KEY_INVALID, "Send one key of 1 to 255 visible ASCII characters.");
        }
        return all.get(0);
    }

    private static Mono<byte[]> body(HttpServerRequest request) {
        return request.receive()
                .asByteArray()
                .reduceWith(BoundedBody::new, BoundedBody::plus)
                .map(BoundedBody::bytes)
                .timeout(BODY_LIMIT, Mono.error(HttpApi::bodyTimedOut))
                .doOnNext(body -> requireJson(request, body));
    }

    private static ProblemException bodyTimedOut() {
        return new ProblemException(ProblemCode.BODY_TIMED_OUT, "It must arrive within " + BODY_LIMIT + ".");
    }

    private static void requireJson(HttpServerRequest request, byte[] body) {
        var type = request.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE, "");
        if (body.length > 0 && !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new ProblemException(ProblemCode.MEDIA_TYPE_UNSUPPORTED, "Send Content-Type: application/json.");
        }
    }

    private static QueryStringDecoder queryOf(HttpServerRequest request) {
        try {
            var query = new QueryStringDecoder(request.uri());
            LOG.trace("{} {} {}", request.method(), query.rawPath(), query.parameters());
            return query;
        } catch (IllegalArgumentException malformed) {
            LOG.debug("Could not parse a path", malformed);
            throw new ProblemException(ProblemCode.QUERY_INVALID, "The path has an invalid escape sequence.");
        }
    }

    private static long number(QueryStringDecoder query, String name, long otherwise, long min, long max) {
        var text = parameter(query, name);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            LOG.trace("A query parameter is not a number", notANumber);
        }
        throw new ProblemException(
                ProblemCode.QUERY_INVALID, name + " must be a whole number from " + min + " to " + max + ".");
    }

    private static @Nullable String parameter(QueryStringDecoder query, String name) {
        List<String> values = query.parameters().getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new ProblemException(ProblemCode.QUERY_INVALID, name + " must be given once.");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    private static void requireOnly(QueryStringDecoder query, String... known) {
        if (!List.of(known).containsAll(query.parameters().keySet())) {
            throw new ProblemException(
                    ProblemCode.QUERY_INVALID, "Known parameters: " + String.join(", ", known) + ".");
        }
    }

    /** Limited, because the id is echoed in stored responses. */
    private static String shown(String id) {
        return id.length() > 64 ? id.substring(0, 64) + "…" : id;
    }

    private static Answer problem(Throwable failure, HttpServerResponse response) {
        if (failure instanceof ProblemException problem) {
            if (problem.code() == ProblemCode.BODY_TOO_LARGE || problem.code() == ProblemCode.BODY_TIMED_OUT) {
                // The body may be unread, so the connection cannot be reused.
                response.keepAlive(false);
            }
            return problem.answer();
        }
        if (AbortedException.isConnectionReset(failure) || failure instanceof AbortedException) {
            LOG.debug("A client disconnected during its request", failure);
        } else {
            LOG.error("A request failed", failure);
        }
        return Answer.problem(ProblemCode.INTERNAL_ERROR, "See the log of the simulator.");
    }

    private static Handler at(Reading reading) {
        return request -> Mono.fromSupplier(() -> Delivery.whole(reading.read()));
    }

    /**
     * Buffers no more than the limit. A slightly longer body is read to its end: closing a connection with unread bytes
     * resets it, and the client would not see the response.
     */
    private static final class BoundedBody {
        private static final int BYTES_DISCARDED_MAX = 1 << 20;

        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private int bytesDiscarded;

        BoundedBody plus(byte[] part) {
            if (bytesDiscarded == 0 && kept.size() + part.length <= BODY_BYTES_MAX) {
                kept.writeBytes(part);
                return this;
            }
            bytesDiscarded += part.length;
            if (bytesDiscarded > BYTES_DISCARDED_MAX) {
                throw tooLarge();
            }
            return this;
        }

        byte[] bytes() {
            if (bytesDiscarded > 0) {
                throw tooLarge();
            }
            return kept.toByteArray();
        }

        private static ProblemException tooLarge() {
            return new ProblemException(
                    ProblemCode.BODY_TOO_LARGE, "At most " + BODY_BYTES_MAX + " bytes are allowed.");
        }
    }

    private interface Handler {
        Mono<Delivery> handle(HttpServerRequest request);
    }

    private interface Reading {
        Answer read();
    }

    private interface BodyReader {
        Change read(byte[] body);
    }
}
