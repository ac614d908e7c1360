package dev.onsale.saga.payment;

import dev.onsale.platform.supervision.FailureSeries;
import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.saga.payment.GatewayAnswer.Misconfigured;
import dev.onsale.saga.payment.GatewayAnswer.NotSent;
import dev.onsale.saga.payment.GatewayAnswer.Unknown;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Tells the operator that calls to the gateway fail: one line when it begins, one when the gateway works again, and metrics meanwhile.
 * Each payment asks again and again, so a line for each try would be the log. Thread-safe.
 */
final class GatewayOutage implements SmartLifecycle, Supervised, MeterBinder {

    static final String FAILING = "onsale.payment.gateway.failing";
    static final String WAITING = "onsale.payment.gateway.waiting";

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration SILENT_MAX = Duration.ofMinutes(1);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);

    private final FailureSeries failures;
    private final SupervisedWork looking = new SupervisedWork("payment-gateway-watch", SILENT_MAX).optional();
    private @Nullable PeriodicTasks watch;

    GatewayOutage(LongSupplier nanoTime) {
        this.failures = new FailureSeries("The payment gateway", "payments", nanoTime);
    }

    void heard(GatewayOperation operation, String payment, GatewayAnswer answer) {
        switch (answer) {
            case NotSent notSent -> {
                if (!notSent.isOwn()) {
                    failures.failed(operation.tag(), payment, notSent.detail());
                }
            }
            case Unknown unknown -> failures.failed(operation.tag(), payment, unknown.detail());
            // The gateway answers, and SettingsAlarm tells what.
            case Misconfigured misconfigured -> {}
            default -> failures.worked(operation.tag());
        }
    }

    /** For tests, whose time moves by hand. */
    void look() {
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

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(looking);
    }

    @Override
    public synchronized void start() {
        if (watch == null) {
            watch = new PeriodicTasks(looking.name());
            var unused = watch.every(EVERY, looking, this::look);
        }
    }

    @Override
    public synchronized void stop() {
        if (watch != null) {
            watch.stopNow(STOP_PATIENCE);
            watch = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return watch != null;
    }
}
