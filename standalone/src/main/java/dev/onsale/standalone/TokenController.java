package dev.onsale.standalone;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.onsale.api.BuyerId;
import dev.onsale.api.InvalidValueException;
import dev.onsale.platform.http.BodyLimit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Signs tokens for {@link DevelopmentTokens}. */
@RestController
@Tag(name = "Development")
class TokenController {

    private static final Duration LIFETIME = Duration.ofHours(12);
    private static final int SUBJECTS_MAX = 10_000;
    private static final int BODY_BYTES_MAX = 2 * 1024 * 1024;

    private final RSASSASigner signer;
    private final Clock clock;

    TokenController(RSAKey key, Clock clock) throws JOSEException {
        this.signer = new RSASSASigner(key);
        this.clock = clock;
    }

    /**
     * @param subject one subject, or
     * @param subjects several subjects, up to 10,000
     * @param roles {@code operator} or none
     */
    record TokenRequest(
            @Nullable String subject,
            @Nullable List<String> subjects,
            @Nullable List<String> roles) {}

    record TokenAnswer(@Nullable String token, Map<String, String> tokens, Instant expiresAt) {}

    @Operation(
            summary = "A bearer token for every caller, for development",
            description =
                    "Exists only if development tokens are enabled and no issuer is configured. 400 INVALID_REQUEST.")
    @BodyLimit(bytes = BODY_BYTES_MAX, members = SUBJECTS_MAX)
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
            throw new InvalidValueException("Give a subject, or 1 to " + SUBJECTS_MAX + " subjects");
        }
        Instant now = clock.instant();
        Instant expires = now.plus(LIFETIME);
        List<String> roles = request.roles() == null ? List.of() : request.roles();
        Map<String, String> tokens = new LinkedHashMap<>();
        for (String subject : subjects) {
            if (subject == null) {
                throw new InvalidValueException("A subject must be a string");
            }
            tokens.put(subject, token(BuyerId.of(subject), roles, now, expires));
        }
        return new TokenAnswer(request.subject() == null ? null : tokens.get(request.subject()), tokens, expires);
    }

    private String token(BuyerId subject, List<String> roles, Instant now, Instant expires) {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("development").build(),
                new JWTClaimsSet.Builder()
                        .issuer(DevelopmentTokens.ISSUER)
                        .audience(DevelopmentTokens.AUDIENCE)
                        .subject(subject.value())
                        .claim("roles", roles)
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(expires))
                        .build());
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("The signing key cannot sign", e);
        }
        return token.serialize();
    }
}
