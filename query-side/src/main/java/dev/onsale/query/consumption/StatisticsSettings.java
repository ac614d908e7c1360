package dev.onsale.query.consumption;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the facts of sales are counted.
 *
 * @param groupId consumer group; a new one reads the topics from their beginning
 * @param concurrency consumers in this process, 1 to 64; more than partitions are idle
 */
@ConfigurationProperties("onsale.statistics")
record StatisticsSettings(
        @DefaultValue("onsale-statistics") String groupId,
        @DefaultValue("1") int concurrency) {

    StatisticsSettings {
        if (groupId.isBlank()) {
            throw new IllegalArgumentException("onsale.statistics.group-id is empty");
        }
        if (concurrency < 1 || concurrency > 64) {
            throw new IllegalArgumentException("onsale.statistics.concurrency is 1 to 64, not " + concurrency);
        }
    }
}
