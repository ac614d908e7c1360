package dev.onsale.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of HTTP ({@code onsale.web.*}).
 *
 * @param trustedProxies proxies of our own in front of this process; so many entries of {@code X-Forwarded-For} are believed
 */
@ConfigurationProperties("onsale.web")
public record WebProperties(@DefaultValue("0") int trustedProxies) {

    public WebProperties {
        if (trustedProxies < 0 || trustedProxies > 10) {
            throw new IllegalArgumentException("onsale.web.trusted-proxies is 0 to 10");
        }
    }
}
