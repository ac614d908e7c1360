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
import reactor.core.publisher.Mono;

class TokenVerifierTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final AtomicInteger checks = new AtomicInteger();
    private final TokenVerifier tokens = new TokenVerifier(this::check, clock());

    private Mono<Jwt> check(String token) {
        checks.incrementAndGet();
        return token.equals("forged")
                ? Mono.error(new BadJwtException("forged"))
                : Mono.just(Jwt.withTokenValue(token)
                        .header("alg", "none")
                        .subject(token)
                        .claims(claims -> {
                            if (!token.equals("endless")) {
                                claims.put("exp", NOW.plusSeconds(10));
                            }
                        })
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
    void a_valid_token_is_remembered_until_its_end() {
        assertThat(subject("alice")).isEqualTo("alice");
        now.set(NOW.plusSeconds(10).minusMillis(1));
        assertThat(subject("alice")).isEqualTo("alice");
        assertThat(checks).hasValue(1);
    }

    @Test
    void a_token_without_an_end_is_checked_each_time() {
        assertThat(subject("endless")).isEqualTo("endless");
        assertThat(subject("endless")).isEqualTo("endless");
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
        TokenVerifier bounded = new TokenVerifier(this::check, clock(), max);

        for (int number = 0; number < 200; number++) {
            bounded.verify(number + "x".repeat(15_000)).block(Duration.ofSeconds(5));
        }

        assertThat(bounded.bytes()).isBetween(max / 2, max);
    }

    private String subject(String token) {
        return String.valueOf(tokens.verify(token).map(Caller::getName).block(Duration.ofSeconds(30)));
    }

    private Clock clock() {
        InstantSource source = now::get;
        return source.withZone(ZoneOffset.UTC);
    }
}
