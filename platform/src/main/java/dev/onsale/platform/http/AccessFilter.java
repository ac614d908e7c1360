package dev.onsale.platform.http;

import dev.onsale.api.RefusalCode;
import java.security.Principal;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Lets a request through if its sender may send it ({@link AccessRules}). A bearer token is verified wherever there is one, also
 * for public endpoints. It is taken from the Authorization header alone (RFC 6750, section 2.1).
 */
final class AccessFilter implements WebFilter, Ordered {

    /** Behind the limits by address: a flood is not worth the check of a signature. */
    static final int ORDER = -100;

    private static final Logger log = LoggerFactory.getLogger(AccessFilter.class);
    private static final String SCHEME = "Bearer ";
    private static final String RETRY_AFTER_SECONDS = "1";

    private final TokenVerifier tokens;
    private final Endpoints endpoints;
    private final ProblemWriter problems;
    /** Whether the last check had no outcome; so an outage of the issuer is one line of the log. */
    private final AtomicBoolean undecided = new AtomicBoolean();

    AccessFilter(TokenVerifier tokens, Endpoints endpoints, ProblemWriter problems) {
        this.tokens = tokens;
        this.endpoints = endpoints;
        this.problems = problems;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String header = exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return checked(exchange, chain, null);
        }
        String token = header.substring(SCHEME.length()).strip();
        if (token.isEmpty()) {
            return unauthenticated(exchange);
        }
        Caller known = tokens.verifiedBefore(token);
        return known != null ? checked(exchange, chain, known) : verified(exchange, chain, token);
    }

    private Mono<Void> verified(ServerWebExchange exchange, WebFilterChain chain, String token) {
        return tokens.verify(token)
                .<Mono<Void>>map(caller -> {
                    if (undecided.compareAndSet(true, false)) {
                        log.info("Bearer tokens can be checked again");
                    }
                    return checked(exchange, chain, caller);
                })
                .onErrorResume(BadJwtException.class, invalid -> Mono.just(unauthenticated(exchange)))
                .onErrorResume(AccessFilter::isUndecided, failure -> {
                    if (undecided.compareAndSet(false, true)) {
                        log.warn("Bearer tokens cannot be checked: {}", failure.toString());
                    }
                    return Mono.just(unchecked(exchange));
                })
                .flatMap(answer -> answer);
    }

    /** Spring's decoder fails with the one or the other if it cannot read the issuer's keys. */
    private static boolean isUndecided(Throwable failure) {
        return failure instanceof JwtException || failure instanceof IllegalStateException;
    }

    private Mono<Void> checked(ServerWebExchange exchange, WebFilterChain chain, @Nullable Caller caller) {
        Access needed = endpoints.access(exchange);
        boolean allowed =
                switch (needed) {
                    case PUBLIC -> true;
                    case TOKEN -> caller != null;
                    case OPERATOR -> caller != null && caller.isOperator();
                };
        if (!allowed) {
            return caller == null ? unauthenticated(exchange) : forbidden(exchange);
        }
        if (caller == null) {
            return chain.filter(exchange);
        }
        caller.attachTo(exchange);
        return chain.filter(new CallersExchange(exchange, caller));
    }

    private Mono<Void> unauthenticated(ServerWebExchange exchange) {
        exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        return problems.write(
                exchange,
                Problems.of(RefusalCode.UNAUTHENTICATED, "Send a valid bearer token in the Authorization header"));
    }

    private Mono<Void> forbidden(ServerWebExchange exchange) {
        return problems.write(exchange, Problems.of(RefusalCode.FORBIDDEN, "The bearer token does not allow this"));
    }

    /** The issuer's keys cannot be read: nobody knows whether the token is valid. */
    private Mono<Void> unchecked(ServerWebExchange exchange) {
        exchange.getResponse().getHeaders().set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        return problems.write(
                exchange,
                Problems.of(
                        RefusalCode.TEMPORARILY_UNAVAILABLE,
                        "The bearer token cannot be checked for a moment; try again shortly"));
    }

    /** Gives endpoints the caller as their principal. */
    private static final class CallersExchange extends ServerWebExchangeDecorator {

        private final Caller caller;

        CallersExchange(ServerWebExchange delegate, Caller caller) {
            super(delegate);
            this.caller = caller;
        }

        @Override
        @SuppressWarnings("unchecked") // As Spring's own exchanges do: the caller of the method names the type.
        public <T extends Principal> Mono<T> getPrincipal() {
            return (Mono<T>) Mono.just(caller);
        }
    }
}
