package dev.onsale.standalone;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.onsale.platform.login.LoginMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Clock;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

/**
 * Issues bearer tokens to every caller, for development. Active only if
 * {@code onsale.standalone.development-tokens.enabled} is set and no issuer is configured.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(TokenIssuerCheck.DevelopmentOnly.class)
class DevelopmentTokens {

    static final String ISSUER = "https://development.onsale.invalid";
    static final String AUDIENCE = "onsale";
    private static final int KEY_BITS = 2048;

    /** The key is stored in the data folder, so that tokens stay valid after a restart. */
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

    @Bean
    DevelopmentLogin developmentLogin(TokenController tokens, Clock clock) {
        return new DevelopmentLogin(tokens, clock);
    }

    @Bean
    LoginMethod loginMethod() {
        return LoginMethod.DEVELOPMENT;
    }
}
