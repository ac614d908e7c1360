package dev.onsale.command.coupon;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the snapshots of large campaigns ({@code onsale.command.snapshots.*}).
 *
 * @param factsMin number of events after which a campaign gets its first snapshot, at least 1; a smaller campaign is
 *     read faster from the log
 */
@ConfigurationProperties("onsale.command.snapshots")
record SnapshotProperties(@DefaultValue("20000") long factsMin) {

    SnapshotProperties {
        if (factsMin < 1) {
            throw new IllegalArgumentException("onsale.command.snapshots.facts-min is at least 1");
        }
    }
}
