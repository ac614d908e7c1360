package dev.onsale.command.follower;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Shows the lag of every follower in seconds. Selling does not need them, so a lag is shown and does not make the node DOWN. */
@Component("followersHealthIndicator")
class FollowersHealthIndicator extends AbstractHealthIndicator {

    private final MeterRegistry registry;

    FollowersHealthIndicator(MeterRegistry registry) {
        super("The followers cannot be examined");
        this.registry = registry;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up();
        for (Gauge gauge : registry.find(FollowerLag.LAG).gauges()) {
            builder.withDetail(String.valueOf(gauge.getId().getTag("follower")), gauge.value());
        }
    }
}
