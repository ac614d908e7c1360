package dev.onsale.query.position;

import dev.onsale.api.RefusalCode;
import dev.onsale.platform.http.PositionHeaders;
import dev.onsale.platform.http.ProblemWriter;
import dev.onsale.platform.http.Problems;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/** Holds a read that names a position back until the read models have seen it, for a moment at most. */
@Component
class ReadAfterFilter implements WebFilter, Ordered {

    /** After the limits and the bearer token, right before the endpoints. */
    private static final int ORDER = 200;

    private static final Duration WAIT_MAX = Duration.ofSeconds(2);
    private static final List<PathPattern> READ_FROM_LOG = Stream.of(
                    "/api/reservations/{reservationId}", "/api/me/reservations", "/api/me/coupons", "/api/wallet")
            .map(PathPatternParser.defaultInstance::parse)
            .toList();

    private static final String RETRY_AFTER_SECONDS = "1";

    private final ReadPositions positions;
    private final ProblemWriter problems;

    ReadAfterFilter(ReadPositions positions, ProblemWriter problems) {
        this.positions = positions;
        this.problems = problems;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String wanted = exchange.getRequest().getHeaders().getFirst(PositionHeaders.READ_AFTER);
        if (wanted == null
                || !HttpMethod.GET.equals(exchange.getRequest().getMethod())
                || isReadFromLog(exchange.getRequest())) {
            return chain.filter(exchange);
        }
        return ReadAfter.parse(wanted)
                .map(position -> Mono.fromFuture(positions.await(position, WAIT_MAX))
                        .flatMap(seen -> seen ? chain.filter(exchange) : notYet(exchange, wanted)))
                .orElseGet(() -> problems.write(
                        exchange,
                        Problems.of(
                                RefusalCode.INVALID_REQUEST,
                                PositionHeaders.READ_AFTER + " is what " + PositionHeaders.POSITION
                                        + " of an answer said")));
    }

    /** The buyer's own reservations, coupons and points are answered from the log and are never behind. */
    private static boolean isReadFromLog(ServerHttpRequest request) {
        PathContainer path = request.getPath().pathWithinApplication();
        return READ_FROM_LOG.stream().anyMatch(pattern -> pattern.matches(path));
    }

    private Mono<Void> notYet(ServerWebExchange exchange, String wanted) {
        exchange.getResponse().getHeaders().set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        return problems.write(
                exchange,
                Problems.of(
                        RefusalCode.NOT_YET_VISIBLE, "The read models have not seen " + wanted + " yet; ask again"));
    }
}
