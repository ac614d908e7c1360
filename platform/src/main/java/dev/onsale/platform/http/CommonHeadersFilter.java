package dev.onsale.platform.http;

import java.time.Clock;
import java.time.Instant;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Sets the headers that every answer has: those that Spring Security sets by default, and for the API the server's time, by
 * which deadlines are decided. A header that an endpoint has set stays.
 */
final class CommonHeadersFilter implements WebFilter, Ordered {

    static final String TIME = "Onsale-Time";

    /** In front of every filter that may answer. */
    private static final int ORDER = -121;

    private static final String STRICT_TRANSPORT_SECURITY = "Strict-Transport-Security";

    private final Clock clock;

    CommonHeadersFilter(Clock clock) {
        this.clock = clock;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        exchange.getResponse().beforeCommit(() -> {
            add(exchange);
            return Mono.empty();
        });
        return chain.filter(exchange);
    }

    private void add(ServerWebExchange exchange) {
        HttpHeaders headers = exchange.getResponse().getHeaders();
        if (exchange.getRequest().getPath().value().startsWith("/api/")) {
            headers.set(TIME, Instant.ofEpochMilli(clock.millis()).toString());
        }
        // A 304 keeps what the stored answer said about caching.
        if (!HttpStatus.NOT_MODIFIED.equals(exchange.getResponse().getStatusCode())) {
            addCacheControl(headers);
        }
        addIfAbsent(headers, "X-Content-Type-Options", "nosniff");
        addIfAbsent(headers, "X-Frame-Options", "DENY");
        addIfAbsent(headers, "X-XSS-Protection", "0");
        addIfAbsent(headers, "Referrer-Policy", "no-referrer");
        if ("https".equalsIgnoreCase(exchange.getRequest().getURI().getScheme())) {
            addIfAbsent(headers, STRICT_TRANSPORT_SECURITY, "max-age=31536000 ; includeSubDomains");
        }
    }

    private static void addCacheControl(HttpHeaders headers) {
        if (!headers.containsHeader(HttpHeaders.CACHE_CONTROL)
                && !headers.containsHeader(HttpHeaders.PRAGMA)
                && !headers.containsHeader(HttpHeaders.EXPIRES)) {
            headers.set(HttpHeaders.CACHE_CONTROL, "no-cache, no-store, max-age=0, must-revalidate");
            headers.set(HttpHeaders.PRAGMA, "no-cache");
            headers.set(HttpHeaders.EXPIRES, "0");
        }
    }

    private static void addIfAbsent(HttpHeaders headers, String name, String value) {
        if (!headers.containsHeader(name)) {
            headers.set(name, value);
        }
    }
}
