package dev.onsale.command.position;

import dev.onsale.platform.http.PositionHeaders;
import dev.onsale.platform.supervision.TaskThreads;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Adds the position to the answer of an order whose client wants it. It is looked up afterwards and only then: writers that
 * had to learn their positions would wait for them in every commit.
 */
@Component
class AnswerPositionFilter implements WebFilter, Ordered {

    private static final Logger log = LoggerFactory.getLogger(AnswerPositionFilter.class);

    /** Around those that answer a repeat by themselves: its client wants the position no less. */
    private static final int ORDER = -99;

    private static final Pattern AGGREGATE =
            Pattern.compile("/api/(?:performances|reservations|campaigns)/(?<id>[0-9a-fA-F-]{36})(?:/.*)?");

    private final LogPositions positions;
    private final Scheduler blocking = Schedulers.fromExecutor(TaskThreads.perTask("answer-position-"));

    AnswerPositionFilter(LogPositions positions) {
        this.positions = positions;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (PositionHeaders.WANTED.equals(exchange.getRequest().getHeaders().getFirst(PositionHeaders.POSITION))
                && !HttpMethod.GET.equals(exchange.getRequest().getMethod())) {
            exchange.getResponse().beforeCommit(() -> add(exchange));
        }
        return chain.filter(exchange);
    }

    private Mono<Void> add(ServerWebExchange exchange) {
        ServerHttpResponse response = exchange.getResponse();
        HttpStatusCode status = response.getStatusCode();
        String id = status != null && status.is2xxSuccessful() ? aggregate(exchange) : null;
        if (id == null) {
            return Mono.empty();
        }
        return Mono.fromCallable(() -> positions.newestOf(id))
                .subscribeOn(blocking)
                .doOnNext(position ->
                        position.ifPresent(text -> response.getHeaders().set(PositionHeaders.POSITION, text)))
                .onErrorResume(failure -> {
                    // The order is carried out: an answer without a position is better than none.
                    log.warn("The position of an answer could not be looked up: {}", failure.toString());
                    return Mono.just(Optional.empty());
                })
                .then();
    }

    /** What was created is named by the answer, what was changed by the address. */
    private static @Nullable String aggregate(ServerWebExchange exchange) {
        URI location = exchange.getResponse().getHeaders().getLocation();
        Matcher path = AGGREGATE.matcher(
                location == null ? exchange.getRequest().getPath().value() : location.getPath());
        return path.matches() ? path.group("id") : null;
    }
}
