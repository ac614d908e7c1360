package dev.onsale.query.rebuild;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the rebuild of read models ({@code onsale.rebuild.*}).
 *
 * @param readers threads that read and parse the log, 1 to 16; until the first checkpoint they also write in parallel
 * @param positionsAtOnce positions of the log that one reader takes at a time, 100 to 100,000
 * @param positionsPerWrite positions of the log between two checkpoints
 * @param settledAfter age after which an event that is not sealed counts as final, with no uncommitted event before it
 * @param ownedFor how long a rebuild stays with a process that gives no sign of life
 * @param missingAfter how long a comparison waits for rows that the consumers have not written yet; it waits again as
 *     long as some of them come
 */
@ConfigurationProperties("onsale.rebuild")
record RebuildSettings(
        @DefaultValue("2") int readers,
        @DefaultValue("10000") int positionsAtOnce,
        @DefaultValue("2000000") int positionsPerWrite,
        @DefaultValue("2m") Duration settledAfter,
        @DefaultValue("30s") Duration ownedFor,
        @DefaultValue("2s") Duration missingAfter) {

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
