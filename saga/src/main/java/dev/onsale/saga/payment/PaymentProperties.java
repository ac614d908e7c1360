package dev.onsale.saga.payment;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How to reach the payment gateway ({@code onsale.payment.*}).
 *
 * @param provider whose interface it speaks
 * @param secretKey what we show it, for a provider that asks for one
 * @param baseUrl where it answers, without a trailing slash
 * @param connectTimeout how long a connection may take
 * @param readTimeout how long a whole answer may take from the start of the call; after that its outcome is unknown and is asked for again
 * @param concurrentCallsMax calls under way at once on this node; kept below the number of step threads, so that expiry and
 *     compensation go on while a slow gateway holds on to the rest
 * @param circuitCallsCounted the last calls that the circuit breaker looks at
 * @param circuitFailureRatePercent share of them that must fail to open the circuit
 * @param circuitOpenDuration how long it stays open
 * @param circuitTrialCallsMax calls let through after that, to see whether the gateway is back
 */
@ConfigurationProperties("onsale.payment")
public record PaymentProperties(
        @DefaultValue("simulator") Provider provider,
        @DefaultValue("") String secretKey,
        @DefaultValue("http://127.0.0.1:8090") URI baseUrl,
        @DefaultValue("PT3S") Duration connectTimeout,
        @DefaultValue("PT10S") Duration readTimeout,
        @DefaultValue("16") int concurrentCallsMax,
        @DefaultValue("10") int circuitCallsCounted,
        @DefaultValue("50") int circuitFailureRatePercent,
        @DefaultValue("PT30S") Duration circuitOpenDuration,
        @DefaultValue("5") int circuitTrialCallsMax) {

    /** Whose interface the gateway speaks. */
    public enum Provider {
        /** Onsale's own simulator. */
        SIMULATOR,
        /** Stripe's PaymentIntents with manual capture. */
        STRIPE
    }

    public PaymentProperties {
        require(
                provider != Provider.STRIPE || !secretKey.isBlank(),
                "onsale.payment.secret-key is needed for the provider stripe");
        require(
                "http".equals(baseUrl.getScheme()) || "https".equals(baseUrl.getScheme()),
                "onsale.payment.base-url starts with http:// or https://");
        require(!baseUrl.toString().endsWith("/"), "onsale.payment.base-url does not end with a slash");
        require(connectTimeout.isPositive(), "onsale.payment.connect-timeout is positive");
        require(readTimeout.isPositive(), "onsale.payment.read-timeout is positive");
        require(
                concurrentCallsMax >= 1 && concurrentCallsMax <= 10_000,
                "onsale.payment.concurrent-calls-max is 1 to 10000");
        require(
                circuitCallsCounted >= 1 && circuitCallsCounted <= 1_000,
                "onsale.payment.circuit-calls-counted is 1 to 1000");
        require(
                circuitFailureRatePercent >= 1 && circuitFailureRatePercent <= 100,
                "onsale.payment.circuit-failure-rate-percent is 1 to 100");
        require(circuitOpenDuration.isPositive(), "onsale.payment.circuit-open-duration is positive");
        require(
                circuitTrialCallsMax >= 1 && circuitTrialCallsMax <= 1_000,
                "onsale.payment.circuit-trial-calls-max is 1 to 1000");
    }

    /** Without the key: settings are logged. */
    @Override
    public String toString() {
        return provider + " at " + baseUrl;
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
