package dev.onsale.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

class ServerTimeFilterTest {

    private static final Instant NOW = Instant.parse("2026-11-30T16:00:00.123456Z");

    @Test
    void every_answer_of_the_api_has_the_time_of_the_server() {
        assertThat(timeOf("/api/performances")).isEqualTo("2026-11-30T16:00:00.123Z");
        assertThat(timeOf("/api/nothing")).isNotNull();
        assertThat(timeOf("/tickets")).isNull();
    }

    private static @Nullable String timeOf(String path) {
        MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get(path));
        new ServerTimeFilter(Clock.fixed(NOW, ZoneOffset.UTC))
                .filter(exchange, answered -> answered.getResponse().setComplete())
                .block(Duration.ofSeconds(1));
        return exchange.getResponse().getHeaders().getFirst("Onsale-Time");
    }
}
