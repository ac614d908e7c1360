package dev.onsale.command.node;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the lease of the command node ({@code onsale.command.node-lease.*}).
 *
 * @param enabled whether a node needs the lease to take commands; {@code false} is for tests only
 * @param lapse how long the lease stays valid after its last renewal; at least three times {@code renew-every}. After a
 *     crash the next node waits this long
 * @param renewEvery time between two renewals of the lease
 */
@ConfigurationProperties("onsale.command.node-lease")
public record NodeLeaseProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("PT6S") Duration lapse,
        @DefaultValue("PT1S") Duration renewEvery) {

    public NodeLeaseProperties {
        if (!renewEvery.isPositive() || renewEvery.multipliedBy(3).compareTo(lapse) > 0) {
            throw new IllegalArgumentException(
                    "onsale.command.node-lease.lapse is at least three times onsale.command.node-lease.renew-every");
        }
    }
}
