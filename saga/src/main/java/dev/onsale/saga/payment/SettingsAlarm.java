package dev.onsale.saga.payment;

import dev.onsale.saga.payment.GatewayAnswer.Misconfigured;
import dev.onsale.saga.payment.GatewayAnswer.NotSent;
import dev.onsale.saga.payment.GatewayAnswer.Unknown;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Tells the operator that the gateway refuses the settings: one line when it begins, one when it ends, {@code OUT_OF_SERVICE} in the
 * health of {@code paymentGateway} and a counter meanwhile. Payments wait. Thread-safe.
 */
final class SettingsAlarm extends AbstractHealthIndicator implements MeterBinder {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsAlarm.class);

    private final AtomicReference<@Nullable String> refusal = new AtomicReference<>();
    private volatile @Nullable Counter refusals;

    SettingsAlarm() {
        super("The payment gateway cannot be examined");
    }

    <A extends GatewayAnswer> A heard(A answer) {
        if (answer instanceof Misconfigured misconfigured) {
            raise(misconfigured.detail());
        } else if (!(answer instanceof NotSent) && !(answer instanceof Unknown) && refusal.getAndSet(null) != null) {
            LOG.info("The payment gateway accepts the settings again");
        }
        return answer;
    }

    private void raise(String detail) {
        Counter counter = refusals;
        if (counter != null) {
            counter.increment();
        }
        if (refusal.getAndSet(detail) == null) {
            LOG.error(
                    "The payment gateway refuses the settings: {}. Payments wait. Look at onsale.payment.* and at the account.",
                    detail);
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        refusals = Counter.builder("onsale.payment.gateway.misconfigured")
                .description("Calls that the payment gateway refused for the operator's settings")
                .register(registry);
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        String detail = refusal.get();
        if (detail == null) {
            builder.up();
        } else {
            builder.outOfService().withDetail("refusal", detail);
        }
    }
}
