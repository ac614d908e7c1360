package dev.onsale.saga.payment;

import dev.onsale.api.payment.ChargeableAmounts;
import dev.onsale.eventlog.EventJson;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedBulkheadMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PaymentProperties.class)
class PaymentGatewayConfiguration {

    /**
     * How long a call waits until fewer are under way. A step that is turned away costs two writes and half a second; a step that
     * waits keeps its turn from those that need no gateway.
     */
    private static final Duration CALL_WAIT_MAX = Duration.ofMillis(100);

    private static final String NAME = "payment-gateway";

    /** A declined card is an answer and no failure: only lost answers and server errors count. */
    @Bean
    CircuitBreakerRegistry paymentCircuits(PaymentProperties settings) {
        return CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(settings.circuitCallsCounted())
                .minimumNumberOfCalls(settings.circuitCallsCounted())
                .failureRateThreshold(settings.circuitFailureRatePercent())
                .waitDurationInOpenState(settings.circuitOpenDuration())
                .permittedNumberOfCallsInHalfOpenState(settings.circuitTrialCallsMax())
                .build());
    }

    /** Nobody waits long for a place: a step that cannot call gives its thread back and tries again. */
    @Bean
    BulkheadRegistry paymentBulkheads(PaymentProperties settings) {
        return BulkheadRegistry.of(BulkheadConfig.custom()
                .maxConcurrentCalls(settings.concurrentCallsMax())
                .maxWaitDuration(CALL_WAIT_MAX)
                .build());
    }

    @Bean
    MeterBinder paymentCircuitMetrics(CircuitBreakerRegistry paymentCircuits) {
        return TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(paymentCircuits);
    }

    @Bean
    MeterBinder paymentBulkheadMetrics(BulkheadRegistry paymentBulkheads) {
        return TaggedBulkheadMetrics.ofBulkheadRegistry(paymentBulkheads);
    }

    @Bean(destroyMethod = "shutdownNow")
    HttpClient paymentHttpClient(PaymentProperties settings) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.connectTimeout())
                .build();
    }

    /** So that no sale is scheduled whose price can never be paid. */
    @Bean
    ChargeableAmounts chargeableAmounts(PaymentProperties settings) {
        return switch (settings.provider()) {
            case SIMULATOR -> amount -> true;
            case STRIPE -> amount -> StripeAmount.of(amount).isPresent();
        };
    }

    @Bean
    SettingsAlarm paymentGatewayHealthIndicator() {
        return new SettingsAlarm();
    }

    @Bean
    GatewayOutage paymentGatewayOutage() {
        return new GatewayOutage(System::nanoTime);
    }

    @Bean
    PaymentGateway paymentGateway(
            HttpClient paymentHttpClient,
            PaymentProperties settings,
            CircuitBreakerRegistry paymentCircuits,
            BulkheadRegistry paymentBulkheads,
            SettingsAlarm paymentGatewayHealthIndicator,
            GatewayOutage paymentGatewayOutage) {
        GatewayCalls calls = new GatewayCalls(
                paymentHttpClient,
                settings.readTimeout(),
                paymentCircuits.circuitBreaker(NAME),
                paymentBulkheads.bulkhead(NAME));
        PaymentGateway gateway =
                switch (settings.provider()) {
                    case SIMULATOR -> new HttpPaymentGateway(calls, settings.baseUrl(), EventJson.mapper());
                    case STRIPE -> new StripeGateway(calls, settings.baseUrl(), settings.secretKey());
                };
        return new AlarmingGateway(gateway, paymentGatewayHealthIndicator, paymentGatewayOutage);
    }
}
