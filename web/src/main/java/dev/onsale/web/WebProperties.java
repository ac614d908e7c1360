package dev.onsale.web;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of HTTP ({@code onsale.web.*}).
 *
 * @param trustedProxies proxies of our own in front of this process; so many entries of the header that they write are believed
 * @param forwardedHeader the header that these proxies write: {@code x-forwarded-for} or {@code forwarded}; the other one is
 *     ignored, because it comes from the client
 * @param timeouts when slow clients are cut
 * @param cors which other origins may call from a browser
 */
@ConfigurationProperties("onsale.web")
public record WebProperties(
        @DefaultValue("0") int trustedProxies,
        @DefaultValue("x-forwarded-for") ForwardedHeader forwardedHeader,
        @DefaultValue Timeouts timeouts,
        @DefaultValue Cors cors) {

    public WebProperties {
        if (trustedProxies < 0 || trustedProxies > 10) {
            throw new IllegalArgumentException("onsale.web.trusted-proxies is 0 to 10");
        }
    }

    /** The headers in which proxies name the client. */
    public enum ForwardedHeader {
        X_FORWARDED_FOR,
        /** RFC 7239. */
        FORWARDED
    }

    /**
     * @param headers from the first byte of a request to the end of its headers
     * @param read between two parts of a body
     * @param body from the headers of a request to the end of its body
     * @param write without any progress of an answer
     * @param idle between two requests of a connection
     */
    public record Timeouts(
            @DefaultValue("PT10S") Duration headers,
            @DefaultValue("PT10S") Duration read,
            @DefaultValue("PT60S") Duration body,
            @DefaultValue("PT30S") Duration write,
            @DefaultValue("PT75S") Duration idle) {

        public Timeouts {
            for (Duration timeout : List.of(headers, read, body, write, idle)) {
                if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofHours(1)) > 0) {
                    throw new IllegalArgumentException("Each of onsale.web.timeouts.* is PT0.001S to PT1H");
                }
            }
        }
    }

    /**
     * @param allowedOrigins such as {@code https://shop.example}; none by default
     */
    public record Cors(@DefaultValue List<String> allowedOrigins) {}
}
