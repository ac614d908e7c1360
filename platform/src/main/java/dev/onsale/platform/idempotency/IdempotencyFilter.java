package dev.onsale.platform.idempotency;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.http.BufferedRequest;
import dev.onsale.platform.http.Caller;
import dev.onsale.platform.http.IdempotencyKey;
import dev.onsale.platform.http.ProblemWriter;
import dev.onsale.platform.http.Problems;
import dev.onsale.platform.idempotency.KeyedEndpoints.Storing;
import dev.onsale.platform.idempotency.RequestFingerprint.Match;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Stands in front of every endpoint that takes an idempotency key. Only successes are stored: a refusal has written nothing, so
 * the same key may try again, and a crowd that is refused costs the store nothing.
 */
final class IdempotencyFilter implements WebFilter, Ordered {

    static final String REPLAYED_HEADER = "Idempotency-Replayed";

    private static final Logger log = LoggerFactory.getLogger(IdempotencyFilter.class);
    private static final String RETRY_AFTER_SECONDS = "1";

    private final KeyedEndpoints endpoints;
    private final AnswerStore store;
    private final ProblemWriter problems;
    private final IdempotencyMetrics metrics;
    private final int order;
    private final ConcurrentMap<RequestKey, InFlight> inFlight = new ConcurrentHashMap<>();

    IdempotencyFilter(
            KeyedEndpoints endpoints,
            AnswerStore store,
            ProblemWriter problems,
            IdempotencyMetrics metrics,
            int order) {
        this.endpoints = endpoints;
        this.store = store;
        this.problems = problems;
        this.metrics = metrics;
        this.order = order;
    }

    @Override
    public int getOrder() {
        return order;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        IdempotencyKey key = key(request.getHeaders().getFirst(IdempotencyKey.HEADER));
        Storing storing = key == null
                ? null
                : endpoints.storing(request.getMethod(), request.getPath().pathWithinApplication());
        if (key == null || storing == null) {
            return chain.filter(exchange);
        }
        Caller caller = Caller.of(exchange);
        return caller == null || caller.getName().isEmpty()
                ? chain.filter(exchange)
                : alone(exchange, chain, storing, name(caller.getName(), request, key));
    }

    /** A missing or malformed key is refused by the endpoint, in its own words. */
    private static @Nullable IdempotencyKey key(@Nullable String header) {
        try {
            return header == null ? null : IdempotencyKey.ofHeader(header);
        } catch (RefusedException malformed) {
            return null;
        }
    }

    private static RequestKey name(String subject, ServerHttpRequest request, IdempotencyKey key) {
        return RequestKey.of(
                subject, request.getMethod().name(), request.getPath().value(), key);
    }

    private Mono<Void> alone(ServerWebExchange exchange, WebFilterChain chain, Storing storing, RequestKey name) {
        InFlight mine = new InFlight(name, RequestFingerprint.of(BufferedRequest.bodyOf(exchange.getRequest())));
        InFlight other = inFlight.putIfAbsent(name, mine);
        if (other != null) {
            return taken(exchange, mine, other.fingerprint.fingerprint());
        }
        return (storing == Storing.BEHIND ? behind(exchange, chain, mine) : leased(exchange, chain, mine))
                .doFinally(signal -> inFlight.remove(name, mine));
    }

    private Mono<Void> behind(ServerWebExchange exchange, WebFilterChain chain, InFlight mine) {
        if (!store.mayKnow(mine.name)) {
            return remembered(exchange, chain, mine);
        }
        return Mono.fromCompletionStage(() -> store.find(mine.name))
                .onErrorResume(away -> {
                    // The aggregate recognises the repeat without us.
                    metrics.repeat("unchecked");
                    return Mono.just(Optional.empty());
                })
                // Where the fingerprint is not enough, the aggregate compares the requests itself.
                .flatMap(stored -> stored.isPresent() && mine.match(stored.get().fingerprint()) != Match.UNKNOWN
                        ? repeated(exchange, mine, stored.get())
                        : remembered(exchange, chain, mine));
    }

    private Mono<Void> remembered(ServerWebExchange exchange, WebFilterChain chain, InFlight mine) {
        return chain.filter(keeping(exchange, mine.fingerprint.fingerprint(), answer -> {
            answer.ifPresent(success -> store.remember(mine.name, success));
            inFlight.remove(mine.name, mine);
            return Mono.empty();
        }));
    }

    private Mono<Void> leased(ServerWebExchange exchange, WebFilterChain chain, InFlight mine) {
        return Mono.fromCompletionStage(() -> store.lease(mine.name, mine.fingerprint.fingerprint()))
                .map(Optional::of)
                .onErrorResume(away -> {
                    log.warn("No lease for a request with a key: {}", away.toString());
                    return Mono.just(Optional.empty());
                })
                .flatMap(lease -> lease.isEmpty()
                        ? problems.write(
                                retryable(exchange),
                                Problems.of(
                                        RefusalCode.TEMPORARILY_UNAVAILABLE,
                                        "The database is away for a moment; try again shortly"))
                        : switch (lease.get()) {
                            case KeyClaim.Granted granted -> settled(exchange, chain, mine);
                            case KeyClaim.Answered answered -> repeated(exchange, mine, answered.answer());
                            case KeyClaim.Taken taken -> taken(exchange, mine, taken.fingerprint());
                        });
    }

    private Mono<Void> settled(ServerWebExchange exchange, WebFilterChain chain, InFlight mine) {
        AtomicBoolean left = new AtomicBoolean();
        return chain.filter(keeping(exchange, mine.fingerprint.fingerprint(), answer -> {
                    left.set(true);
                    return Mono.fromCompletionStage(() -> answer.isPresent()
                                    ? store.settle(mine.name, answer.get())
                                    : store.giveUp(mine.name))
                            // What was done is done: an answer that cannot be stored still leaves, and the lease
                            // lapses.
                            .onErrorResume(away -> {
                                log.warn("A lease was not settled: {}", away.toString());
                                return Mono.empty();
                            })
                            .doOnTerminate(() -> inFlight.remove(mine.name, mine));
                }))
                .doOnTerminate(() -> {
                    if (!left.get()) {
                        store.giveUp(mine.name);
                    }
                });
    }

    private static ServerWebExchange keeping(
            ServerWebExchange exchange, Fingerprint fingerprint, Function<Optional<StoredAnswer>, Mono<Void>> leaving) {
        return new RecordingExchange(
                exchange, exchange.getRequest(), new RecordingResponse(exchange.getResponse(), fingerprint, leaving));
    }

    private Mono<Void> repeated(ServerWebExchange exchange, InFlight mine, StoredAnswer stored) {
        if (mine.match(stored.fingerprint()) != Match.SAME) {
            return reused(exchange);
        }
        metrics.repeat("replayed");
        ServerHttpResponse response = exchange.getResponse();
        response.setRawStatusCode(stored.status());
        HttpHeaders headers = response.getHeaders();
        set(headers, HttpHeaders.CONTENT_TYPE, stored.contentType());
        set(headers, HttpHeaders.LOCATION, stored.location());
        set(headers, HttpHeaders.ETAG, stored.eTag());
        headers.set(REPLAYED_HEADER, "true");
        byte[] body = stored.bytes();
        if (body.length == 0) {
            return response.setComplete();
        }
        headers.setContentLength(body.length);
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }

    private Mono<Void> taken(ServerWebExchange exchange, InFlight mine, Fingerprint first) {
        if (mine.match(first) == Match.OTHER) {
            return reused(exchange);
        }
        metrics.repeat("in_flight");
        return problems.write(
                retryable(exchange),
                Problems.of(
                        RefusalCode.REQUEST_IN_FLIGHT,
                        "The first request with this key is still being worked on; repeat it to get its answer"));
    }

    private Mono<Void> reused(ServerWebExchange exchange) {
        metrics.repeat("reused");
        return problems.write(
                exchange, Problems.of(RefusalCode.IDEMPOTENCY_KEY_REUSED, "This key named another request before"));
    }

    private static ServerWebExchange retryable(ServerWebExchange exchange) {
        exchange.getResponse().getHeaders().set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        return exchange;
    }

    private static void set(HttpHeaders headers, String name, @Nullable String value) {
        if (value != null) {
            headers.set(name, value);
        }
    }

    /** One request that is being worked on in this process; no two of them are equal. */
    private static final class InFlight {

        private final RequestKey name;
        private final RequestFingerprint fingerprint;

        InFlight(RequestKey name, RequestFingerprint fingerprint) {
            this.name = name;
            this.fingerprint = fingerprint;
        }

        Match match(Fingerprint stored) {
            return fingerprint.match(stored);
        }
    }
}
