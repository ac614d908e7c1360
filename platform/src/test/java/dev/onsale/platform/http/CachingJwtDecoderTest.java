package dev.onsale.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

class CachingJwtDecoderTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final AtomicInteger checks = new AtomicInteger();
    private final ReactiveJwtDecoder tokens = new CachingJwtDecoder(this::check, clock());

    private Mono<Jwt> check(String token) {
        checks.incrementAndGet();
        return token.equals("forged")
                ? Mono.error(new BadJwtException("forged"))
                : Mono.just(Jwt.withTokenValue(token)
                        .header("alg", "none")
                        .subject(token)
                        .expiresAt(NOW.plusSeconds(10))
                        .build());
    }

    @Test
    void a_valid_token_is_checked_once() {
        assertThat(subject("alice")).isEqualTo("alice");
        assertThat(subject("alice")).isEqualTo("alice");
        assertThat(subject("bob")).isEqualTo("bob");
        assertThat(checks).hasValue(2);
    }

    @Test
    void a_token_that_has_ended_is_checked_again() {
        assertThat(subject("alice")).isEqualTo("alice");
        now.set(NOW.plusSeconds(10));
        assertThat(subject("alice")).isEqualTo("alice");
        assertThat(checks).hasValue(2);
    }

    @Test
    void a_refused_token_is_never_remembered() {
        assertThatThrownBy(() -> subject("forged")).isInstanceOf(BadJwtException.class);
        assertThatThrownBy(() -> subject("forged")).isInstanceOf(BadJwtException.class);
        assertThat(checks).hasValue(2);
    }

    @Test
    void long_tokens_stay_within_the_bound_together() {
        long max = 2_000_000;
        CachingJwtDecoder bounded = new CachingJwtDecoder(this::check, clock(), max);

        for (int number = 0; number < 200; number++) {
            bounded.decode(number + "x".repeat(15_000)).block(Duration.ofSeconds(5));
        }

        assertThat(bounded.bytes()).isBetween(max / 2, max);
    }

    private String subject(String token) {
        return String.valueOf(tokens.decode(token).map(Jwt::getSubject).block(Duration.ofSeconds(5)));
    }

    private Clock clock() {
        InstantSource source = now::get;
        return source.withZone(ZoneOffset.UTC);
    }
}
