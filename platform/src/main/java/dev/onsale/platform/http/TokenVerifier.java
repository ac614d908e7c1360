package dev.onsale.platform.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/**
 * Verifies each bearer token once and remembers the result until the token ends. A buyer sends the same token with every request
 * of a stampede. The decoder decides: signature, issuer, audience, expiry. Refused tokens and tokens without an end are not
 * remembered. Thread-safe.
 *
 * <p>A node accepts a remembered token until its end, even if its issuer withdraws the signing key before. A restart of the node
 * forgets all.
 */
final class TokenVerifier {

    /** Tokens are as long as their issuer makes them, up to the limit of the headers. */
    private static final long BYTES_MAX = Runtime.getRuntime().maxMemory() / 10;

    /** Of a caller and its place in the cache, without the text of the token. */
    private static final int CALLER_BYTES = 400;

    private final ReactiveJwtDecoder decoder;
    private final Clock clock;
    private final Cache<String, Caller> valid;

    TokenVerifier(ReactiveJwtDecoder decoder, Clock clock) {
        this(decoder, clock, BYTES_MAX);
    }

    TokenVerifier(ReactiveJwtDecoder decoder, Clock clock, long bytesMax) {
        this.decoder = decoder;
        this.clock = clock;
        this.valid = Caffeine.newBuilder()
                .maximumWeight(bytesMax)
                .<String, Caller>weigher((token, caller) -> CALLER_BYTES + token.length())
                .expireAfter(Expiry.creating((String token, Caller caller) -> remaining(caller)))
                .build();
    }

    private Duration remaining(Caller caller) {
        Instant end = caller.expiresAt();
        Duration left = end == null ? Duration.ZERO : Duration.between(clock.instant(), end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Estimated size of the cache, after expired entries are removed. */
    long bytes() {
        valid.cleanUp();
        return valid.policy().eviction().orElseThrow().weightedSize().orElse(0);
    }

    /** The sender of a token that was verified before; nothing if it must be verified. */
    @Nullable
    Caller verifiedBefore(String token) {
        Caller known = valid.getIfPresent(token);
        if (known == null) {
            return null;
        }
        Instant end = known.expiresAt();
        if (end != null && clock.instant().isBefore(end)) {
            return known;
        }
        valid.invalidate(token);
        return null;
    }

    /** Fails with the decoder's {@code JwtException} if the token is not valid. */
    Mono<Caller> verify(String token) {
        Caller known = verifiedBefore(token);
        return known != null
                ? Mono.just(known)
                : Mono.defer(() -> decoder.decode(token)).map(Caller::of).doOnNext(caller -> {
                    if (caller.expiresAt() != null) {
                        valid.put(token, caller);
                    }
                });
    }
}
