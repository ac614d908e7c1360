package dev.onsale.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

class CommonHeadersFilterTest {

    private static final Instant NOW = Instant.parse("2026-11-30T16:00:00.123456Z");

    @Test
    void every_answer_of_the_api_has_the_time_of_the_server() {
        assertThat(timeOf("/api/performances")).isEqualTo("2026-11-30T16:00:00.123Z");
        assertThat(timeOf("/api/nothing")).isNotNull();
        assertThat(timeOf("/tickets")).isNull();
    }

    @Test
    void every_answer_has_the_security_headers_that_the_endpoint_did_not_set() {
        HttpHeaders headers = headersOf(MockServerHttpRequest.get("/tickets"), HttpStatus.OK, "", "");
        assertThat(headers.getFirst("Cache-Control")).isEqualTo("no-cache, no-store, max-age=0, must-revalidate");
        assertThat(headers.getFirst("Pragma")).isEqualTo("no-cache");
        assertThat(headers.getFirst("Expires")).isEqualTo("0");
        assertThat(headers.getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(headers.getFirst("X-Frame-Options")).isEqualTo("DENY");
        assertThat(headers.getFirst("X-XSS-Protection")).isEqualTo("0");
        assertThat(headers.getFirst("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(headers.getFirst("Strict-Transport-Security")).isNull();
    }

    @Test
    void caching_that_an_endpoint_allows_stays_allowed() {
        HttpHeaders own =
                headersOf(MockServerHttpRequest.get("/x"), HttpStatus.OK, "Cache-Control", "public, max-age=60");
        assertThat(own.get("Cache-Control")).containsExactly("public, max-age=60");
        assertThat(own.getFirst("Pragma")).isNull();
        HttpHeaders notModified = headersOf(MockServerHttpRequest.get("/x"), HttpStatus.NOT_MODIFIED, "", "");
        assertThat(notModified.getFirst("Cache-Control")).isNull();
    }

    @Test
    void over_tls_browsers_are_told_to_stay_with_it() {
        assertThat(headersOf(MockServerHttpRequest.get("https://shop.example/x"), HttpStatus.OK, "", "")
                        .getFirst("Strict-Transport-Security"))
                .isEqualTo("max-age=31536000 ; includeSubDomains");
    }

    private static @Nullable String timeOf(String path) {
        return headersOf(MockServerHttpRequest.get(path), HttpStatus.OK, "", "").getFirst("Onsale-Time");
    }

    private static HttpHeaders headersOf(
            MockServerHttpRequest.BaseBuilder<?> request, HttpStatus status, String name, String value) {
        MockServerWebExchange exchange = MockServerWebExchange.from(request);
        new CommonHeadersFilter(Clock.fixed(NOW, ZoneOffset.UTC))
                .filter(exchange, answered -> {
                    answered.getResponse().setStatusCode(status);
                    if (!name.isEmpty()) {
                        answered.getResponse().getHeaders().set(name, value);
                    }
                    return answered.getResponse().setComplete();
                })
                .block(Duration.ofSeconds(30));
        return exchange.getResponse().getHeaders();
    }
}
