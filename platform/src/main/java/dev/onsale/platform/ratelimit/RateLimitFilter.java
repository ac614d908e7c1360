package dev.onsale.platform.ratelimit;

import dev.onsale.api.RefusalCode;
import dev.onsale.platform.http.ProblemWriter;
import dev.onsale.platform.http.Problems;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * One of the two gates: by address in front of the access filter, so that a flood is not even worth the check of a
 * signature, and by buyer behind it.
 */
final class RateLimitFilter implements WebFilter, Ordered {

    static final String POLICY_HEADER = "RateLimit-Policy";
    static final String LIMIT_HEADER = "RateLimit";

    private final RateLimiter changes;
    private final RateLimiter reads;
    private final Function<ServerWebExchange, @Nullable String> client;
    private final ProblemWriter problems;
    private final int order;

    /**
     * @param client who is counted; null or empty text for nobody
     */
    RateLimitFilter(
            RateLimiter changes,
            RateLimiter reads,
            Function<ServerWebExchange, @Nullable String> client,
            ProblemWriter problems,
            int order) {
        this.changes = changes;
        this.reads = reads;
        this.client = client;
        this.problems = problems;
        this.order = order;
    }

    @Override
    public int getOrder() {
        return order;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        HttpMethod method = exchange.getRequest().getMethod();
        // The management port is the operator's, and its answers are wanted most when everything is at its limit.
        if (method.equals(HttpMethod.OPTIONS)
                || exchange.getRequest().getPath().value().startsWith("/actuator")) {
            return chain.filter(exchange);
        }
        RateLimiter limiter = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) ? reads : changes;
        String name = client.apply(exchange);
        return name == null || name.isEmpty() ? chain.filter(exchange) : limited(limiter, name, exchange, chain);
    }

    private Mono<Void> limited(RateLimiter limiter, String name, ServerWebExchange exchange, WebFilterChain chain) {
        CompletableFuture<RateLimitDecision> verdict = limiter.take(name);
        return verdict.isDone()
                ? decided(limiter, verdict.resultNow(), exchange, chain)
                : Mono.fromFuture(verdict).flatMap(late -> decided(limiter, late, exchange, chain));
    }

    private Mono<Void> decided(
            RateLimiter limiter, RateLimitDecision verdict, ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpResponse response = exchange.getResponse();
        join(response.getHeaders(), POLICY_HEADER, limiter.described());
        join(response.getHeaders(), LIMIT_HEADER, verdict.described(limiter.policy()));
        if (verdict.granted()) {
            return chain.filter(exchange);
        }
        response.getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(verdict.retryAfterSeconds()));
        ProblemDetail problem = Problems.of(
                RefusalCode.RATE_LIMITED, "Too many requests; try again in " + verdict.retryAfterSeconds() + " s");
        problem.setProperty("violated-policies", List.of(limiter.policy().name()));
        return problems.write(exchange, problem);
    }

    /** One list, the newest member first. */
    private static void join(HttpHeaders headers, String name, String member) {
        String others = headers.getFirst(name);
        headers.set(name, others == null ? member : member + ", " + others);
    }
}
