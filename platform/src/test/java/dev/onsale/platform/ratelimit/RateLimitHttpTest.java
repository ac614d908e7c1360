package dev.onsale.platform.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.BuyerId;
import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.platform.http.WebConfiguration;
import dev.onsale.testsupport.TestServices;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The limits as clients meet them. */
@Tag("services")
class RateLimitHttpTest {

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({WebConfiguration.class, Things.class})
    static class Host {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        /** In these tests a token is its subject. */
        @Bean
        ReactiveJwtDecoder plainTokens() {
            return token -> Mono.just(Jwt.withTokenValue(token)
                    .header("alg", "none")
                    .subject(token)
                    .build());
        }
    }

    @RestController
    static class Things {

        @PostMapping("/api/things")
        String make(BuyerId buyer) {
            return "made for " + buyer.value();
        }

        @GetMapping("/api/things")
        String look() {
            return "things";
        }
    }

    private final String alice = "alice-" + UUID.randomUUID();
    private final String bob = "bob-" + UUID.randomUUID();

    @Test
    void a_buyer_beyond_the_limit_hears_when_to_come_again_and_the_others_go_on() throws Exception {
        try (ConfigurableApplicationContext host =
                        start("--onsale.web.rate-limit.user.requests=5", "--onsale.web.rate-limit.user.window=PT1H");
                HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> first = send(http, host, "POST", alice, "");
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(header(first, "RateLimit-Policy")).isEqualTo("\"user\";q=5;w=3600");
            assertThat(header(first, "RateLimit")).isEqualTo("\"user\";r=4;t=720");
            for (int i = 1; i < 5; i++) {
                assertThat(send(http, host, "POST", alice, "").statusCode()).isEqualTo(200);
            }
            HttpResponse<String> refused = send(http, host, "POST", alice, "");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(header(refused, "Content-Type")).isEqualTo("application/problem+json");
            assertThat(Integer.parseInt(header(refused, "Retry-After"))).isBetween(700, 720);
            assertThat(header(refused, "RateLimit")).startsWith("\"user\";r=0;t=");
            JsonNode problem = JsonMapper.builder().build().readTree(refused.body());
            assertThat(problem.path("code").asString()).isEqualTo("RATE_LIMITED");
            assertThat(problem.path("violated-policies").path(0).asString()).isEqualTo("user");

            assertThat(send(http, host, "POST", bob, "").statusCode()).isEqualTo(200);
            assertThat(send(http, host, "GET", alice, "").statusCode())
                    .as("reads have a limit of their own")
                    .isEqualTo(200);
        }
    }

    @Test
    void an_address_beyond_its_limit_is_refused_before_its_token_is_looked_at() throws Exception {
        try (ConfigurableApplicationContext host = start(
                        "--onsale.web.trusted-proxies=1",
                        "--onsale.web.rate-limit.address.requests=3",
                        "--onsale.web.rate-limit.address.window=PT1H");
                HttpClient http = HttpClient.newHttpClient()) {
            String crowd = "198.51.100." + (System.nanoTime() & 127);
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> granted = send(http, host, "POST", "person-" + i + alice, crowd);
                assertThat(granted.statusCode()).isEqualTo(200);
                assertThat(header(granted, "RateLimit-Policy"))
                        .startsWith("\"user\";q=200;w=10, \"address\";q=3;w=3600");
            }
            assertThat(send(http, host, "POST", "", crowd).statusCode()).isEqualTo(429);
            assertThat(send(http, host, "POST", "", "203.0.113.7").statusCode())
                    .as("another address, without a token")
                    .isEqualTo(401);
            assertThat(send(http, host, "POST", alice, "").statusCode())
                    .as("this machine is not limited")
                    .isEqualTo(200);
        }
    }

    @Test
    void only_the_header_that_the_proxies_write_says_whom_a_limit_by_address_counts() throws Exception {
        String crowd = "192.0.2." + (System.nanoTime() & 127);
        try (ConfigurableApplicationContext host = start(
                        "--onsale.web.trusted-proxies=1",
                        "--onsale.web.forwarded-header=forwarded",
                        "--onsale.web.rate-limit.address.requests=3",
                        "--onsale.web.rate-limit.address.window=PT1H");
                HttpClient http = HttpClient.newHttpClient()) {
            for (int i = 0; i < 3; i++) {
                assertThat(statusFrom(http, host, "Forwarded", "for=" + crowd, "X-Forwarded-For", "10.0.0." + i))
                        .isEqualTo(200);
            }
            assertThat(statusFrom(http, host, "Forwarded", "for=" + crowd, "X-Forwarded-For", "10.9.9.9"))
                    .isEqualTo(429);
            for (int i = 0; i < 6; i++) {
                assertThat(statusFrom(http, host, "X-Forwarded-For", crowd))
                        .as("this machine is not limited")
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void without_trusted_proxies_no_header_counts_on_a_cloud_platform_either() throws Exception {
        String crowd = "192.0.2." + (128 + (System.nanoTime() & 63));
        try (ConfigurableApplicationContext host = start(
                        "--spring.main.cloud-platform=kubernetes",
                        "--onsale.web.rate-limit.address.requests=3",
                        "--onsale.web.rate-limit.address.window=PT1H");
                HttpClient http = HttpClient.newHttpClient()) {
            for (int i = 0; i < 6; i++) {
                assertThat(statusFrom(http, host, "X-Forwarded-For", crowd, "Forwarded", "for=" + crowd))
                        .as("this machine is not limited")
                        .isEqualTo(200);
            }
        }
    }

    private int statusFrom(HttpClient http, ConfigurableApplicationContext host, String... headers)
            throws IOException, InterruptedException {
        int port = Objects.requireNonNull(((ReactiveWebServerApplicationContext) host).getWebServer())
                .getPort();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/things"))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + alice)
                .headers(headers)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    @Test
    void limits_can_be_switched_off() throws Exception {
        try (ConfigurableApplicationContext host =
                        start("--onsale.web.rate-limit.enabled=false", "--onsale.web.rate-limit.user.requests=1");
                HttpClient http = HttpClient.newHttpClient()) {
            for (int i = 0; i < 5; i++) {
                HttpResponse<String> answer = send(http, host, "POST", alice, "");
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.headers().firstValue("RateLimit")).isEmpty();
            }
        }
    }

    private static ConfigurableApplicationContext start(String... properties) {
        EmbeddedAddresses services = TestServices.shared();
        return new SpringApplicationBuilder(Host.class)
                .properties(
                        "server.port=0",
                        "logging.level.root=warn",
                        "spring.data.redis.host=" + services.redisHost(),
                        "spring.data.redis.port=" + services.redisPort())
                .run(properties);
    }

    private static HttpResponse<String> send(
            HttpClient http, ConfigurableApplicationContext host, String method, String token, String forwardedFor)
            throws IOException, InterruptedException {
        int port = Objects.requireNonNull(((ReactiveWebServerApplicationContext) host).getWebServer())
                .getPort();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/things"))
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (!forwardedFor.isEmpty()) {
            request.header("X-Forwarded-For", forwardedFor);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
