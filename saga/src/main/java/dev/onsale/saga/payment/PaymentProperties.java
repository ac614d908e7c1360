package dev.onsale.saga.payment;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of the payment gateway ({@code onsale.payment.*}).
 *
 * @param provider interface of the gateway: {@code simulator} or {@code stripe} (PaymentIntents with manual capture)
 * @param secretKey API key of the gateway; required for {@code stripe}. Set it by environment variable
 * @param baseUrl URL of the gateway, http or https, without a slash at the end. If it is not set, {@code ./onsale run}
 *     starts the payment simulator in its own process and uses it
 * @param connectTimeout time-out of a connection to the gateway
 * @param readTimeout time-out of a whole call; after it the outcome is unknown and is looked up
 * @param concurrentCallsMax concurrent calls of this node to the gateway, 1 to 10,000; keep it below {@code
 *     onsale.saga.step-threads-max}, so that other steps can run while the gateway is slow
 * @param circuitCallsCounted number of latest calls that the circuit breaker counts, 1 to 1,000
 * @param circuitFailureRatePercent percentage of failed calls that opens the circuit, 1 to 100
 * @param circuitOpenDuration how long the circuit stays open
 * @param circuitTrialCallsMax trial calls after that, 1 to 1,000
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
        Assert.isTrue(
                provider != Provider.STRIPE || !secretKey.isBlank(),
                "onsale.payment.secret-key is needed for the provider stripe");
        Assert.isTrue(
                "http".equals(baseUrl.getScheme()) || "https".equals(baseUrl.getScheme()),
                "onsale.payment.base-url starts with http:// or https://");
        Assert.isTrue(!baseUrl.toString().endsWith("/"), "onsale.payment.base-url does not end with a slash");
        Assert.isTrue(connectTimeout.isPositive(), "onsale.payment.connect-timeout is positive");
        Assert.isTrue(readTimeout.isPositive(), "onsale.payment.read-timeout is positive");
        Assert.isTrue(
                concurrentCallsMax >= 1 && concurrentCallsMax <= 10_000,
                "onsale.payment.concurrent-calls-max is 1 to 10000");
        Assert.isTrue(
                circuitCallsCounted >= 1 && circuitCallsCounted <= 1_000,
                "onsale.payment.circuit-calls-counted is 1 to 1000");
        Assert.isTrue(
                circuitFailureRatePercent >= 1 && circuitFailureRatePercent <= 100,
                "onsale.payment.circuit-failure-rate-percent is 1 to 100");
        Assert.isTrue(circuitOpenDuration.isPositive(), "onsale.payment.circuit-open-duration is positive");
        Assert.isTrue(
                circuitTrialCallsMax >= 1 && circuitTrialCallsMax <= 1_000,
                "onsale.payment.circuit-trial-calls-max is 1 to 1000");
    }

    /** Without the key: settings are logged. */
    @Override
    public String toString() {
        return provider + " at " + baseUrl;
    }
}
