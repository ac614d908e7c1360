package dev.onsale.saga.webhook;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the webhook of the payment gateway ({@code onsale.payment.webhook.*}).
 *
 * @param secret key of the HMAC signature of webhook calls, at least 16 characters; without it every call is refused
 * @param ageMax largest difference between the time of a call and now, in both directions
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
