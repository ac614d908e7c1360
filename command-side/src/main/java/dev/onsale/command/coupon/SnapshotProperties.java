package dev.onsale.command.coupon;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of snapshots ({@code onsale.command.snapshots.*}).
 *
 * @param factsMin facts after which a campaign gets its first snapshot; a smaller one is quicker read from the log
 */
@ConfigurationProperties("onsale.command.snapshots")
record SnapshotProperties(@DefaultValue("20000") long factsMin) {

    SnapshotProperties {
        if (factsMin < 1) {
            throw new IllegalArgumentException("onsale.command.snapshots.facts-min is at least 1");
        }
    }
}
