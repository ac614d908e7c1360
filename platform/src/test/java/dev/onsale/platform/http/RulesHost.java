package dev.onsale.platform.http;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** HTTP as every side speaks it, with endpoints of the kinds that there are. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({WebConfiguration.class, RulesHost.Things.class})
class RulesHost {

    static final AtomicReference<String> DECODED_ON = new AtomicReference<>("");

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** In these tests a token is its subject, and the subject {@code operator} has that role. */
    @Bean
    ReactiveJwtDecoder plainTokens() {
        return token -> Mono.just(Jwt.withTokenValue(token)
                .header("alg", "none")
                .subject(token)
                .claim("roles", token.equals("operator") ? List.of("operator") : List.of())
                .build());
    }

    record Thing(
            @Nullable String name,
            @Nullable Instant at,
            @Nullable Duration lasting,
            @Nullable List<String> parts,
            @Nullable Map<String, String> labels) {

        Thing {
            DECODED_ON.set(Thread.currentThread().getName());
        }
    }

    /** Says which thread writes it. */
    static final class Written {

        public String getThread() {
            return Thread.currentThread().getName();
        }
    }

    @RestController
    static class Things {

        @PostMapping("/api/things")
        Thing make(BuyerId buyer, @RequestBody Thing thing) {
            return thing;
        }

        @BodyLimit(bytes = BodyLimit.BYTES_MAX, members = 200_000)
        @PostMapping("/api/performances")
        Mono<String> large(@RequestBody Thing thing) {
            return Mono.just(
                    "{\"parts\":" + Objects.requireNonNull(thing.parts()).size() + "}");
        }

        @PostMapping("/api/things/orders")
        String order(BuyerId buyer) {
            return "{}";
        }

        @DeleteMapping("/api/things")
        String delete(BuyerId buyer) {
            return "{}";
        }

        @GetMapping("/api/performances/one")
        String look(@RequestParam(required = false) @Nullable Instant from) {
            return "{\"from\":\"" + from + "\"}";
        }

        @GetMapping("/api/performances/slow")
        Mono<String> slow() {
            return Mono.delay(Duration.ofSeconds(3)).map(tick -> "{}");
        }

        /** Completed by a thread that has other things to do than to write JSON. */
        @GetMapping("/api/performances/elsewhere")
        Mono<Written> elsewhere(@RequestParam boolean refused) {
            CompletableFuture<Written> result = new CompletableFuture<>();
            Thread writer = new Thread(
                    () -> {
                        if (refused) {
                            result.completeExceptionally(new RefusedException(RefusalCode.SOLD_OUT, "Sold out"));
                        } else {
                            result.complete(new Written());
                        }
                    },
                    "writer");
            writer.start();
            return Mono.fromCompletionStage(result);
        }

        @GetMapping("/api/performances/huge")
        Flux<String> huge() {
            return Flux.range(0, 50_000).map(number -> "0123456789".repeat(100));
        }

        @GetMapping(path = "/api/performances/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
        Flux<ServerSentEvent<String>> stream() {
            return Flux.interval(Duration.ofMillis(1_500))
                    .map(tick -> ServerSentEvent.builder("tick").build());
        }
    }

    static ConfigurableApplicationContext start(String... properties) {
        return new SpringApplicationBuilder(RulesHost.class)
                .properties("server.port=0", "logging.level.root=warn", "onsale.web.rate-limit.enabled=false")
                .run(properties);
    }

    static int port(ConfigurableApplicationContext host) {
        return Objects.requireNonNull(((ReactiveWebServerApplicationContext) host).getWebServer())
                .getPort();
    }
}
