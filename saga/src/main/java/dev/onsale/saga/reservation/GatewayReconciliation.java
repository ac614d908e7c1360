package dev.onsale.saga.reservation;

import dev.onsale.saga.step.Steps;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Where the gateway's events are taken: each becomes a durable step, which looks at the gateway. */
@Component
public class GatewayReconciliation {

    /** What Onsale did itself is recorded by then, and costs no look. */
    private static final Duration OWN_WORK = Duration.ofSeconds(2);

    private final Steps steps;
    private final Clock clock;

    public GatewayReconciliation(Steps steps, Clock clock) {
        this.steps = steps;
        this.clock = clock;
    }

    public void request(GatewayEvent event) {
        steps.at(clock.instant().plus(OWN_WORK), new CheckoutStep.Reconcile(event));
    }
}
