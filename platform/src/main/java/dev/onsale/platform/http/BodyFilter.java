package dev.onsale.platform.http;

import dev.onsale.api.RefusalCode;
import dev.onsale.platform.http.Endpoints.Endpoint;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Reads the body of every request, within the limit of its endpoint, and behind the security filter: of a caller who may not do
 * this nothing is read. A body where none is taken is refused, because it asks for something that would not be done.
 */
final class BodyFilter implements WebFilter, Ordered {

    /** Behind security and the limits of requests, in front of the idempotency keys. */
    private static final int ORDER = -85;

    /** So many bodies beyond the default limit are read and decoded at once. */
    private static final int LARGE_BODIES_MAX = 4;

    private static final String RETRY_AFTER_SECONDS = "1";
    private static final String NO_BODY = "This endpoint takes no body";

    private final Endpoints endpoints;
    private final ProblemWriter problems;
    private final Scheduler largeBodies;
    private final Semaphore largeBodiesLeft = new Semaphore(LARGE_BODIES_MAX);

    BodyFilter(Endpoints endpoints, ProblemWriter problems, Scheduler largeBodies) {
        this.endpoints = endpoints;
        this.problems = problems;
        this.largeBodies = largeBodies;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        HttpHeaders headers = exchange.getRequest().getHeaders();
        long length = headers.getContentLength();
        boolean withoutBody = length <= 0 && !headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
        Endpoint endpoint = withoutBody ? null : endpoints.of(exchange);
        if (endpoint == null) {
            return chain.filter(exchange);
        }
        if (length > endpoint.bytesMax()) {
            return problems.write(exchange, tooLarge(endpoint));
        }
        boolean large =
                endpoint.bytesMax() > BodyLimit.BYTES_DEFAULT && (length < 0 || length > BodyLimit.BYTES_DEFAULT);
        return large ? large(exchange, chain, endpoint) : read(exchange, chain, endpoint, null);
    }

    private Mono<Void> large(ServerWebExchange exchange, WebFilterChain chain, Endpoint endpoint) {
        if (!largeBodiesLeft.tryAcquire()) {
            exchange.getResponse().getHeaders().set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
            return problems.write(
                    exchange,
                    Problems.of(
                            RefusalCode.TEMPORARILY_UNAVAILABLE,
                            "Other large requests are being read; try again shortly"));
        }
        return read(exchange, chain, endpoint, largeBodies).doFinally(end -> largeBodiesLeft.release());
    }

    private Mono<Void> read(
            ServerWebExchange exchange, WebFilterChain chain, Endpoint endpoint, @Nullable Scheduler decoding) {
        Mono<byte[]> joined = DataBufferUtils.join(exchange.getRequest().getBody(), Math.max(1, endpoint.bytesMax()))
                .map(BodyFilter::bytes)
                .defaultIfEmpty(new byte[0]);
        return (decoding == null ? joined : joined.publishOn(decoding))
                .flatMap(body -> {
                    String fault = fault(exchange.getRequest(), endpoint, body);
                    return fault == null
                            ? chain.filter(exchange.mutate()
                                    .request(new BufferedRequest(exchange.getRequest(), body))
                                    .build())
                            : problems.write(exchange, Problems.of(RefusalCode.INVALID_REQUEST, fault));
                })
                .onErrorResume(DataBufferLimitException.class, beyond -> problems.write(exchange, tooLarge(endpoint)));
    }

    private static @Nullable String fault(ServerHttpRequest request, Endpoint endpoint, byte[] body) {
        if (body.length > 0 && endpoint.bytesMax() == 0) {
            return NO_BODY;
        }
        // The header as it is: to parse one that is malformed fails, and the endpoint says 415.
        String type = request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
        boolean json = type != null && type.toLowerCase(Locale.ROOT).contains("json");
        return json ? JsonShape.fault(body, endpoint.membersMax()) : null;
    }

    private static ProblemDetail tooLarge(Endpoint endpoint) {
        return endpoint.bytesMax() == 0
                ? Problems.of(RefusalCode.INVALID_REQUEST, NO_BODY)
                : Problems.ofStatus(
                        HttpStatus.CONTENT_TOO_LARGE,
                        "A body of this endpoint has at most " + endpoint.bytesMax() + " bytes");
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }
}
