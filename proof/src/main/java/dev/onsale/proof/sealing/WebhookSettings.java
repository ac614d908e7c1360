package dev.onsale.proof.sealing;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the receiver of signed seals ({@code onsale.seals.webhook.*}).
 *
 * @param url {@code http} or {@code https} address to which the newest seal is posted, as JSON as in
 *     {@code /api/seals/head}; each node that seals does it. Without it nothing is sent
 * @param every shortest time between two deliveries, at least 1 s; seals in between are left out, because a seal covers all
 *     seals before it
 * @param timeout how long to wait for an answer
 */
@ConfigurationProperties("onsale.seals.webhook")
record WebhookSettings(
        @Nullable URI url,
        @DefaultValue("10s") Duration every,
        @DefaultValue("10s") Duration timeout) {

    WebhookSettings {
        if (url != null
                && (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme())))) {
            throw new IllegalArgumentException("onsale.seals.webhook.url is an http or https address");
        }
        if (every.compareTo(Duration.ofSeconds(1)) < 0 || !timeout.isPositive()) {
            throw new IllegalArgumentException(
                    "onsale.seals.webhook.every is at least 1s, and onsale.seals.webhook.timeout is positive");
        }
    }
}
