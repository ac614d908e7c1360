package dev.onsale.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/**
 * Remembers bearer tokens that were found valid, for a minute at most and never beyond their own end. A buyer sends the same token
 * with every request of a stampede; checking its signature each time took a seventh of all processor time.
 *
 * <p>A signing key that its issuer withdraws is therefore accepted for up to a minute longer, from those who used it just before.
 */
final class RememberedTokens implements ReactiveJwtDecoder {

    static final Duration REMEMBERED = Duration.ofMinutes(1);
    private static final int TOKENS_MAX = 50_000;

    private final ReactiveJwtDecoder decoder;
    private final Clock clock;
    private final Cache<String, Jwt> valid = Caffeine.newBuilder()
            .maximumSize(TOKENS_MAX)
            .expireAfterWrite(REMEMBERED)
            .build();

    RememberedTokens(ReactiveJwtDecoder decoder, Clock clock) {
        this.decoder = decoder;
        this.clock = clock;
    }

    @Override
    public Mono<Jwt> decode(String token) {
        Jwt known = valid.getIfPresent(token);
        if (known != null) {
            Instant end = known.getExpiresAt();
            if (end != null && clock.instant().isBefore(end)) {
                return Mono.just(known);
            }
            valid.invalidate(token);
        }
        return decoder.decode(token).doOnNext(jwt -> {
            if (jwt.getExpiresAt() != null) {
                valid.put(token, jwt);
            }
        });
    }
}
