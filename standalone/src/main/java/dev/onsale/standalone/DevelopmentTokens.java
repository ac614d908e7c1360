package dev.onsale.standalone;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.onsale.api.BuyerId;
import dev.onsale.api.InvalidValueException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Issues bearer tokens to whoever asks, for a laptop. As soon as a real issuer is configured
 * ({@code spring.security.oauth2.resourceserver.jwt.issuer-uri}) neither the issuer nor its key exists.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "spring.security.oauth2.resourceserver.jwt.issuer-uri", matchIfMissing = true, havingValue = "none")
class DevelopmentTokens {

    static final String ISSUER = "https://development.onsale.invalid";
    static final String AUDIENCE = "onsale";
    private static final int KEY_BITS = 2048;

    /** Kept with the data, so that a token outlives a restart. */
    @Bean
    RSAKey developmentKey(StandaloneProperties properties) throws IOException, JOSEException, ParseException {
        Path file = properties.data().resolve("development-key.json");
        if (Files.exists(file)) {
            return RSAKey.parse(Files.readString(file));
        }
        RSAKey key = new RSAKeyGenerator(KEY_BITS)
                .keyID("development")
                .algorithm(JWSAlgorithm.RS256)
                .generate();
        Files.createDirectories(properties.data());
        Path fresh = Files.createTempFile(
                properties.data(),
                "key",
                ".json",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, key.toJSONString());
        Files.move(fresh, file);
        return key;
    }

    @Bean
    ReactiveJwtDecoder developmentTokenDecoder(RSAKey key) throws JOSEException {
        NimbusReactiveJwtDecoder decoder = NimbusReactiveJwtDecoder.withPublicKey(key.toRSAPublicKey())
                .signatureAlgorithm(SignatureAlgorithm.RS256)
                .build();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                JwtValidators.createDefaultWithIssuer(ISSUER),
                new JwtClaimValidator<List<String>>(
                        "aud", audience -> audience != null && audience.contains(AUDIENCE))));
        return decoder;
    }

    @Bean
    TokenController tokenController(RSAKey key, Clock clock) throws JOSEException {
        return new TokenController(key, clock);
    }

    @RestController
    @Tag(name = "Development")
    static class TokenController {

        private static final Duration LIFETIME = Duration.ofHours(12);
        private static final int SUBJECTS_MAX = 10_000;

        private final RSASSASigner signer;
        private final Clock clock;

        TokenController(RSAKey key, Clock clock) throws JOSEException {
            this.signer = new RSASSASigner(key);
            this.clock = clock;
        }

        /**
         * @param subject one person, or
         * @param subjects several, up to 10,000
         * @param roles {@code operator} or none
         */
        record TokenRequest(
                @Nullable String subject, @Nullable List<String> subjects, @Nullable List<String> roles) {}

        record TokenAnswer(@Nullable String token, Map<String, String> tokens, Instant expiresAt) {}

        @Operation(
                summary = "A bearer token for anybody, on a laptop",
                description = "Not there once a real issuer is configured. 400 INVALID_REQUEST.")
        @PostMapping("/dev/tokens")
        TokenAnswer issue(@RequestBody TokenRequest request) {
            List<String> subjects = new ArrayList<>();
            if (request.subject() != null) {
                subjects.add(request.subject());
            }
            if (request.subjects() != null) {
                subjects.addAll(request.subjects());
            }
            if (subjects.isEmpty() || subjects.size() > SUBJECTS_MAX) {
                throw new InvalidValueException("Name a subject, or 1 to " + SUBJECTS_MAX + " subjects");
            }
            Instant now = clock.instant();
            Instant expires = now.plus(LIFETIME);
            List<String> roles = request.roles() == null ? List.of() : request.roles();
            Map<String, String> tokens = new LinkedHashMap<>();
            for (String subject : subjects) {
                tokens.put(subject, token(BuyerId.of(subject), roles, now, expires));
            }
            return new TokenAnswer(
                    request.subject() == null ? null : tokens.get(request.subject()), tokens, expires);
        }

        private String token(BuyerId subject, List<String> roles, Instant now, Instant expires) {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("development").build(),
                    new JWTClaimsSet.Builder()
                            .issuer(ISSUER)
                            .audience(AUDIENCE)
                            .subject(subject.value())
                            .claim("roles", roles)
                            .issueTime(Date.from(now))
                            .expirationTime(Date.from(expires))
                            .build());
            try {
                token.sign(signer);
            } catch (JOSEException e) {
                throw new IllegalStateException("A key that was made for signing cannot sign", e);
            }
            return token.serialize();
        }
    }
}
