package dev.onsale.benchmarks.waitingroom;

import dev.onsale.waitingroom.WaitingRoomConfiguration;
import io.swagger.v3.oas.annotations.Operation;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The waiting room in a separate server, with an additional endpoint that does nothing. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({WaitingRoomConfiguration.class, WaitingRoomServer.Bare.class})
class WaitingRoomServer {

    /** A shared secret instead of a key pair, because 200,000 tokens must be signed before the measurement. */
    static final SecretKey LOGINS =
            new SecretKeySpec("the benchmark's own secret, 32+ b".getBytes(StandardCharsets.UTF_8), "HmacSHA256");

    @Bean
    Clock clock() {
        return Clock.tickMillis(ZoneOffset.UTC);
    }

    @Bean
    ReactiveJwtDecoder logins() {
        return NimbusReactiveJwtDecoder.withSecretKey(LOGINS)
                .macAlgorithm(MacAlgorithm.HS256)
                .build();
    }

    @RestController
    static class Bare {

        record Answer(long position, String state) {}

        @Operation(summary = "Only HTTP and authentication")
        @GetMapping("/bare")
        Mono<Answer> bare() {
            return Mono.just(new Answer(1, "WAITING"));
        }
    }
}
