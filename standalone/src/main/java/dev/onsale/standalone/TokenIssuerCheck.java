package dev.onsale.standalone;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Checks at the start who issues the bearer tokens: a configured issuer or the development issuer. A configured issuer
 * takes precedence. Without either, the start fails.
 */
final class TokenIssuerCheck {

    private static final String JWT = "spring.security.oauth2.resourceserver.jwt";
    private static final List<String> ISSUER_SETTINGS =
            List.of(JWT + ".issuer-uri", JWT + ".jwk-set-uri", JWT + ".public-key-location");
    private static final String AUDIENCES = JWT + ".audiences";
    private static final String DEVELOPMENT = "onsale.standalone.development-tokens";
    private static final String ADDRESS = "server.address";
    private static final String LOOPBACK = "127.0.0.1";

    private TokenIssuerCheck() {}

    /**
     * Fails if the token settings are unsafe. Binds a server with development tokens to the loopback address.
     *
     * @param found receives additional settings for the environment
     * @throws StartFailure with a one-line message that names the missing setting
     */
    static void check(Environment environment, Map<String, Object> found) {
        if (hasIssuer(environment)) {
            requireAudience(environment);
        } else if (developmentTokens(environment).enabled()) {
            requireLoopback(environment, found);
        } else {
            throw new StartFailure(
                    "No issuer of bearer tokens is configured: set " + ISSUER_SETTINGS.getFirst() + " and "
                            + AUDIENCES + ". For development only: --" + DEVELOPMENT
                            + ".enabled=true gives a token to every caller");
        }
    }

    private static void requireAudience(Environment environment) {
        List<String> audiences = Binder.get(environment)
                .bind(AUDIENCES, Bindable.listOf(String.class))
                .orElse(List.of());
        if (audiences.stream().allMatch(String::isBlank)) {
            throw new StartFailure("An issuer is configured, but no audience: set " + AUDIENCES
                    + ", or tokens issued for other services would be accepted");
        }
    }

    private static void requireLoopback(Environment environment, Map<String, Object> found) {
        if (developmentTokens(environment).onAllAddresses()) {
            return;
        }
        String address = environment.getProperty(ADDRESS, "");
        if (address.isBlank()) {
            found.put(ADDRESS, LOOPBACK);
        } else if (!isLoopback(address)) {
            throw new StartFailure(
                    "Development tokens would be given to every client that reaches " + address + ": set " + ADDRESS
                            + " to a loopback address, configure an issuer (" + ISSUER_SETTINGS.getFirst()
                            + "), or allow it with --"
                            + DEVELOPMENT + ".on-all-addresses=true");
        }
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new StartFailure(ADDRESS + " is " + address + ", which is not an address of this machine");
        }
    }

    private static boolean hasIssuer(Environment environment) {
        return ISSUER_SETTINGS.stream()
                .anyMatch(setting -> !environment.getProperty(setting, "").isBlank());
    }

    private static StandaloneProperties.DevelopmentTokens developmentTokens(Environment environment) {
        return Binder.get(environment).bindOrCreate(DEVELOPMENT, StandaloneProperties.DevelopmentTokens.class);
    }

    /** Matches if development tokens are enabled and no issuer is configured. */
    static final class DevelopmentOnly implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Environment environment = context.getEnvironment();
            return !hasIssuer(environment) && developmentTokens(environment).enabled();
        }
    }
}
