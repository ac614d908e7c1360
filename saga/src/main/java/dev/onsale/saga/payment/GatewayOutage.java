package dev.onsale.saga.payment;

import dev.onsale.platform.supervision.FailureSeries;
import dev.onsale.platform.supervision.PeriodicBean;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.saga.payment.GatewayAnswer.Misconfigured;
import dev.onsale.saga.payment.GatewayAnswer.NotSent;
import dev.onsale.saga.payment.GatewayAnswer.Unknown;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Reports an outage of the payment gateway: one log line when calls begin to fail, one when the gateway works again, and metrics
 * meanwhile. Thread-safe.
 */
final class GatewayOutage extends PeriodicBean implements MeterBinder {

    static final String FAILING = "onsale.payment.gateway.failing";
    static final String WAITING = "onsale.payment.gateway.waiting";

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration SILENT_MAX = Duration.ofMinutes(1);

    private final FailureSeries failures;

    GatewayOutage(LongSupplier nanoTime) {
        super(new SupervisedWork("payment-gateway-watch", SILENT_MAX).optional(), EVERY);
        this.failures = new FailureSeries("The payment gateway", "payments", nanoTime);
    }

    void heard(GatewayOperation operation, String payment, GatewayAnswer answer) {
        switch (answer) {
            case NotSent notSent -> {
                if (!notSent.isOwn()) {
                    Duration retryAfter = notSent.retryAfter() == null ? Duration.ZERO : notSent.retryAfter();
                    failures.failed(operation.tag(), payment, notSent.detail(), retryAfter);
                }
            }
            case Unknown unknown -> failures.failed(operation.tag(), payment, unknown.detail());
            // The gateway answers; SettingsAlarm reports it.
            case Misconfigured misconfigured -> {}
            default -> failures.worked(operation.tag());
        }
    }

    @Override
    protected void round() {
        failures.look();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (GatewayOperation operation : GatewayOperation.values()) {
            Gauge.builder(FAILING, failures, series -> series.isFailing(operation.tag()) ? 1 : 0)
                    .description("1 while calls of this kind to the payment gateway fail")
                    .tag("operation", operation.tag())
                    .register(registry);
        }
        Gauge.builder(WAITING, failures, FailureSeries::waiting)
                .description("Payments that had to wait since calls to the payment gateway began to fail")
                .register(registry);
    }
}
