package dev.onsale.saga.webhook;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Calls of the gateway ({@code onsale.payment.webhook.*}).
 *
 * @param secret what the calls are signed with, at least 16 characters; empty to refuse every call
 * @param ageMax how far the time of a call may be from now, in either direction
 */
@ConfigurationProperties("onsale.payment.webhook")
record WebhookProperties(
        @DefaultValue("") String secret,
        @DefaultValue("PT5M") Duration ageMax) {

    private static final int SECRET_LENGTH_MIN = 16;

    WebhookProperties {
        if (!secret.isEmpty() && secret.length() < SECRET_LENGTH_MIN) {
            throw new IllegalArgumentException(
                    "onsale.payment.webhook.secret has at least " + SECRET_LENGTH_MIN + " characters");
        }
        if (!ageMax.isPositive()) {
            throw new IllegalArgumentException("onsale.payment.webhook.age-max is positive");
        }
    }
}
