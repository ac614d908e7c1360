package dev.onsale.platform.http;

import java.time.Clock;
import java.time.Instant;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Tells clients the time by which deadlines are decided, with every answer of the API: their own clocks may be wrong. */
final class ServerTimeFilter implements WebFilter, Ordered {

    static final String HEADER = "Onsale-Time";

    /** In front of every filter that may answer. */
    private static final int ORDER = -121;

    private final Clock clock;

    ServerTimeFilter(Clock clock) {
        this.clock = clock;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (exchange.getRequest().getPath().value().startsWith("/api/")) {
            exchange.getResponse().beforeCommit(() -> {
                exchange.getResponse()
                        .getHeaders()
                        .set(HEADER, Instant.ofEpochMilli(clock.millis()).toString());
                return Mono.empty();
            });
        }
        return chain.filter(exchange);
    }
}
