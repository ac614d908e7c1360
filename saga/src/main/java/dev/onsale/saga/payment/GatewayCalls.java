package dev.onsale.saga.payment;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Makes calls within their bounds: so many at once, so long each, and none while the circuit is open. */
final class GatewayCalls {

    private static final long BODY_BYTES_MAX = 64L * 1024;
    /** Lists of a hundred payments. */
    private static final long LIST_BYTES_MAX = 4L * 1024 * 1024;

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final HttpClient http;
    private final Duration readTimeout;
    private final CircuitBreaker circuit;
    private final Bulkhead bulkhead;

    GatewayCalls(HttpClient http, Duration readTimeout, CircuitBreaker circuit, Bulkhead bulkhead) {
        this.http = http;
        this.readTimeout = readTimeout;
        this.circuit = circuit;
        this.bulkhead = bulkhead;
    }

    sealed interface Reply {

        record Answered(int status, String body, Map<String, List<String>> headers) implements Reply {}

        record Lost(String detail) implements Reply {}

        /**
         * @param retryAfter if the gateway asks for fewer calls: how long to wait at least; else absent
         * @param isOwn whether the reason is this node's own, which says nothing about the gateway
         */
        record NotSent(String detail, @Nullable Duration retryAfter, boolean isOwn) implements Reply {

            NotSent(String detail) {
                this(detail, null, false);
            }

            static NotSent ownReason(String detail) {
                return new NotSent(detail, null, true);
            }
        }
    }

    Reply make(HttpRequest request) throws InterruptedException {
        // The bulkhead first: a permission of the circuit must not be taken by a call that is not made.
        if (!bulkhead.tryAcquirePermission()) {
            return Reply.NotSent.ownReason("as many calls to the gateway are under way as may be");
        }
        try {
            return circuit.tryAcquirePermission()
                    ? exchange(request)
                    : new Reply.NotSent("the circuit to the gateway is " + circuit.getState());
        } finally {
            bulkhead.onComplete();
        }
    }

    private Reply exchange(HttpRequest request) throws InterruptedException {
        long started = circuit.getCurrentTimestamp();
        ObservedBody body = new ObservedBody(request.bodyPublisher());
        CompletableFuture<HttpResponse<byte[]>> exchange = http.sendAsync(
                body.in(request), head -> new LimitedBody(BodySubscribers.ofByteArray(), bytesMax(request)));
        try {
            // The request's own time-out ends with the headers. A slow body must not take longer.
            HttpResponse<byte[]> response = exchange.get(readTimeout.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() == TOO_MANY_REQUESTS) {
                // Nothing was done, and the gateway is there.
                circuit.onSuccess(circuit.getCurrentTimestamp() - started, circuit.getTimestampUnit());
                return new Reply.NotSent("HTTP 429, too many requests", RetryAfter.of(response.headers()), false);
            }
            if (response.statusCode() >= SERVER_ERROR) {
                failed(started, new GatewayFailure("HTTP " + response.statusCode()));
            } else {
                circuit.onSuccess(circuit.getCurrentTimestamp() - started, circuit.getTimestampUnit());
            }
            return new Reply.Answered(
                    response.statusCode(),
                    new String(response.body(), StandardCharsets.UTF_8),
                    response.headers().map());
        } catch (TimeoutException e) {
            exchange.cancel(true);
            failed(started, e);
            return lost(body, "no answer within " + readTimeout);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            failed(started, cause);
            return cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException
                    ? new Reply.NotSent("no connection to the gateway: " + cause)
                    : lost(body, cause.toString());
        } catch (InterruptedException e) {
            exchange.cancel(true);
            // That this node stops says nothing about the gateway.
            circuit.releasePermission();
            if (body.isWithheld()) {
                return Reply.NotSent.ownReason("the node stops");
            }
            throw e;
        }
    }

    private static long bytesMax(HttpRequest request) {
        return request.method().equals("GET") ? LIST_BYTES_MAX : BODY_BYTES_MAX;
    }

    /** A request whose body was not written, and from now on never will be, cannot have been processed. */
    private static Reply lost(ObservedBody body, String detail) {
        return body.isWithheld() ? new Reply.NotSent(detail) : new Reply.Lost(detail);
    }

    private void failed(long started, Throwable cause) {
        circuit.onError(circuit.getCurrentTimestamp() - started, circuit.getTimestampUnit(), cause);
    }

    private static final class GatewayFailure extends RuntimeException {
        GatewayFailure(String message) {
            super(message, null, false, false);
        }
    }
}
