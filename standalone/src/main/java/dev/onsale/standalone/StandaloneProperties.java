package dev.onsale.standalone;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of Onsale in one process ({@code onsale.standalone.*}).
 *
 * @param data folder for everything that must survive a restart; {@code ./onsale run --data DIR}
 * @param demo whether the demo performance and the demo campaign are created; {@code ./onsale run --no-demo}
 * @param developmentTokens development tokens
 * @param payments built-in payment simulator
 */
@ConfigurationProperties("onsale.standalone")
public record StandaloneProperties(
        @DefaultValue("data") Path data,
        @DefaultValue("true") boolean demo,
        @DefaultValue DevelopmentTokens developmentTokens,
        @DefaultValue Payments payments) {

    /**
     * @param enabled whether {@code POST /dev/tokens} gives a bearer token to every caller; {@code ./onsale run} sets
     *     {@code true}. The server then listens on 127.0.0.1 only. Ignored if an issuer is configured. Without an
     *     issuer and without this setting the server does not start
     * @param onAllAddresses whether a server with development tokens may listen on other addresses than 127.0.0.1, for
     *     a container whose port is published on loopback
     */
    public record DevelopmentTokens(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("false") boolean onAllAddresses) {}

    /**
     * @param successRate share of cards that the built-in payment simulator accepts, 0 to 1
     * @param delayMax longest delay of an answer of the built-in payment simulator
     */
    public record Payments(
            @DefaultValue("0.7") double successRate,
            @DefaultValue("PT1S") Duration delayMax) {}
}
