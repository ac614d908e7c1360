package dev.onsale.platform.http;

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
final class CachingJwtDecoder implements ReactiveJwtDecoder {

    static final Duration REMEMBERED = Duration.ofMinutes(1);

    /** Tokens are as long as their issuer makes them, up to the limit of the headers. */
    private static final long BYTES_MAX = Runtime.getRuntime().maxMemory() / 10;

    /** Of the claims and their map, without the characters. */
    private static final int TOKEN_BYTES = 1_500;

    /** The text of the token and of its claims. */
    private static final int COPIES = 3;

    private final ReactiveJwtDecoder decoder;
    private final Clock clock;
    private final Cache<String, Jwt> valid;

    CachingJwtDecoder(ReactiveJwtDecoder decoder, Clock clock) {
        this(decoder, clock, BYTES_MAX);
    }

    CachingJwtDecoder(ReactiveJwtDecoder decoder, Clock clock, long bytesMax) {
        this.decoder = decoder;
        this.clock = clock;
        this.valid = Caffeine.newBuilder()
                .maximumWeight(bytesMax)
                .<String, Jwt>weigher((token, jwt) -> TOKEN_BYTES + COPIES * token.length())
                .expireAfterWrite(REMEMBERED)
                .build();
    }

    /** Estimated size of the cache, after expired entries are removed. */
    long bytes() {
        valid.cleanUp();
        return valid.policy().eviction().orElseThrow().weightedSize().orElse(0);
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
