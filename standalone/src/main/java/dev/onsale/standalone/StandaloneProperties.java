package dev.onsale.standalone;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the one-process Onsale ({@code onsale.standalone.*}).
 *
 * @param data folder for everything that must survive a restart
 * @param demo whether to put the demo sale and the demo campaign on sale
 * @param developmentTokens whether the server gives bearer tokens to whoever asks
 * @param payments how the built-in payment simulator behaves, unless {@code onsale.payment.base-url} names a gateway
 */
@ConfigurationProperties("onsale.standalone")
public record StandaloneProperties(
        @DefaultValue("data") Path data,
        @DefaultValue("true") boolean demo,
        @DefaultValue DevelopmentTokens developmentTokens,
        @DefaultValue Payments payments) {

    /**
     * @param enabled whether {@code POST /dev/tokens} exists; ignored if an issuer is configured
     * @param onAllAddresses whether a server with development tokens may listen on other addresses than loopback
     */
    public record DevelopmentTokens(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("false") boolean onAllAddresses) {}

    /**
     * @param successRate share of cards that are accepted, 0 to 1
     * @param delayMax longest answer of the simulator
     */
    public record Payments(
            @DefaultValue("0.7") double successRate,
            @DefaultValue("PT1S") Duration delayMax) {}
}
