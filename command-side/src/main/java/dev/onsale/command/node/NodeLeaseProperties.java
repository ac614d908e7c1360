package dev.onsale.command.node;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the lease of a command node ({@code onsale.command.node-lease.*}).
 *
 * @param enabled whether a node needs leases to take commands; {@code false} is for tests only
 * @param lapse how long the lease stays valid after its last renewal; at least three times {@code renew-every}. After a
 *     crash other nodes take the shards over when it has passed. All nodes need the same value
 * @param renewEvery time between two renewals of the lease
 */
@ConfigurationProperties("onsale.command.node-lease")
public record NodeLeaseProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("PT5S") Duration lapse,
        @DefaultValue("PT1S") Duration renewEvery) {

    private static final int MARGIN_SHARE = 5;

    public NodeLeaseProperties {
        if (!renewEvery.isPositive() || renewEvery.multipliedBy(3).compareTo(lapse) > 0) {
            throw new IllegalArgumentException(
                    "onsale.command.node-lease.lapse is at least three times onsale.command.node-lease.renew-every");
        }
    }

    /** How long a node answers from memory after the begin of a renewal. The rest is for clocks that run at different speeds. */
    Duration trusted() {
        return lapse.minus(lapse.dividedBy(MARGIN_SHARE));
    }
}
