package dev.onsale.query.rebuild;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How read models are built again.
 *
 * @param readers threads that read and parse, and write side by side until there is a checkpoint, 1 to 16
 * @param positionsAtOnce positions that one of them takes at a time, 100 to 100,000
 * @param positionsPerWrite positions between two writes of what has changed
 * @param settledAfter an event that was written down so long ago has no uncommitted one before it, should the log not be sealed
 * @param ownedFor how long a rebuild is left to a process that gives no sign of life
 */
@ConfigurationProperties("onsale.rebuild")
record RebuildSettings(
        @DefaultValue("2") int readers,
        @DefaultValue("10000") int positionsAtOnce,
        @DefaultValue("2000000") int positionsPerWrite,
        @DefaultValue("2m") Duration settledAfter,
        @DefaultValue("30s") Duration ownedFor) {

    RebuildSettings {
        if (readers < 1 || readers > 16) {
            throw new IllegalArgumentException("onsale.rebuild.readers is 1 to 16, not " + readers);
        }
        if (positionsAtOnce < 100 || positionsAtOnce > 100_000) {
            throw new IllegalArgumentException(
                    "onsale.rebuild.positions-at-once is 100 to 100000, not " + positionsAtOnce);
        }
    }
}
