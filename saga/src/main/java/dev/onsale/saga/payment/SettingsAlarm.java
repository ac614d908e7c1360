package dev.onsale.saga.payment;

import dev.onsale.saga.payment.GatewayAnswer.Misconfigured;
import dev.onsale.saga.payment.GatewayAnswer.NotSent;
import dev.onsale.saga.payment.GatewayAnswer.Unknown;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Tells the operator that the gateway refuses the settings: for each operation one line when it begins and one when it ends,
 * {@code OUT_OF_SERVICE} in the health of {@code paymentGateway} and a counter meanwhile. Payments wait. An operation that works says
 * nothing about another: a key may be allowed to authorise and not to refund. Thread-safe.
 */
final class SettingsAlarm extends AbstractHealthIndicator implements MeterBinder {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsAlarm.class);

    private final Map<GatewayOperation, String> refusals = new EnumMap<>(GatewayOperation.class);
    private final Map<GatewayOperation, Counter> counters = new EnumMap<>(GatewayOperation.class);

    SettingsAlarm() {
        super("The payment gateway cannot be examined");
    }

    synchronized void heard(GatewayOperation operation, GatewayAnswer answer) {
        if (answer instanceof Misconfigured misconfigured) {
            raise(operation, misconfigured.detail());
        } else if (!(answer instanceof NotSent) && !(answer instanceof Unknown) && refusals.remove(operation) != null) {
            LOG.info("The payment gateway accepts the settings again: {}", operation.tag());
        }
    }

    private void raise(GatewayOperation operation, String detail) {
        Counter counter = counters.get(operation);
        if (counter != null) {
            counter.increment();
        }
        if (refusals.put(operation, detail) == null) {
            LOG.error(
                    "The payment gateway refuses the settings: {}: {}. Payments wait. Look at onsale.payment.* and at"
                            + " the account.",
                    operation.tag(),
                    detail);
        }
    }

    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        for (GatewayOperation operation : GatewayOperation.values()) {
            counters.put(
                    operation,
                    Counter.builder("onsale.payment.gateway.misconfigured")
                            .description("Calls that the payment gateway refused for the operator's settings")
                            .tag("operation", operation.tag())
                            .register(registry));
        }
    }

    @Override
    protected synchronized void doHealthCheck(Health.Builder builder) {
        if (refusals.isEmpty()) {
            builder.up();
        } else {
            builder.outOfService();
            refusals.forEach((operation, detail) -> builder.withDetail(operation.tag(), detail));
        }
    }
}
