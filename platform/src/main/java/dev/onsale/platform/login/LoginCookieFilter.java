package dev.onsale.platform.login;

import dev.onsale.platform.http.ProblemWriter;
import dev.onsale.platform.http.Problems;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Turns the login cookie of a request to the API into its bearer token, unless the request has one. */
final class LoginCookieFilter implements WebFilter, Ordered {

    /** In front of security, which checks the token. */
    private static final int ORDER = -104;

    private final ProblemWriter problems;

    LoginCookieFilter(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        String token = isForCookies(request) ? LoginCookie.token(request) : null;
        if (token == null) {
            return chain.filter(exchange);
        }
        if (!isSafe(request.getMethod()) && !SameOrigin.holds(request)) {
            return problems.write(
                    exchange,
                    Problems.of(
                            SameOrigin.refusal().code(), SameOrigin.refusal().detail()));
        }
        forgetIfRefused(exchange);
        return chain.filter(exchange.mutate()
                .request(builder -> builder.header(HttpHeaders.AUTHORIZATION, "Bearer " + token))
                .build());
    }

    private static boolean isForCookies(ServerHttpRequest request) {
        return !request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)
                && request.getPath().value().startsWith("/api/");
    }

    private static boolean isSafe(@Nullable HttpMethod method) {
        return HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method) || HttpMethod.OPTIONS.equals(method);
    }

    /** A token that has ended, or whose issuer has another key by now, would make every request fail until its cookie ends. */
    private static void forgetIfRefused(ServerWebExchange exchange) {
        exchange.getResponse().beforeCommit(() -> {
            if (HttpStatus.UNAUTHORIZED.equals(exchange.getResponse().getStatusCode())) {
                LoginCookie.clear(exchange.getRequest(), exchange.getResponse());
            }
            return Mono.empty();
        });
    }
}
