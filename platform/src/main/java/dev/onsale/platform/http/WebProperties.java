package dev.onsale.platform.http;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of HTTP ({@code onsale.web.*}).
 *
 * @param trustedProxies number of own proxies in front of this process, 0 to 10. So many entries of the header that they
 *     write, from its end, are trusted. With 0 both headers are ignored
 * @param forwardedHeader header that these proxies write: {@code x-forwarded-for} or {@code forwarded} (RFC 7239); the
 *     other one is ignored, because it comes from the client
 * @param timeouts time-outs of slow clients
 * @param cors cross-origin requests
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
     * @param headers time-out from the first byte of a request to the end of its headers, {@code PT0.001S} to {@code
     *     PT1H}
     * @param read time-out between two parts of a request body, {@code PT0.001S} to {@code PT1H}
     * @param body time-out from the end of the headers to the end of the body, {@code PT0.001S} to {@code PT1H}
     * @param write time-out of an answer of which nothing could be sent, {@code PT0.001S} to {@code PT1H}; open streams
     *     are not cut
     * @param idle time-out of a connection between two requests, {@code PT0.001S} to {@code PT1H}; open streams are not
     *     cut
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
     * @param allowedOrigins origins whose pages may call the API from a browser, such as {@code https://shop.example};
     *     a list, or {@code *}
     */
    public record Cors(@DefaultValue List<String> allowedOrigins) {}
}
