package dev.onsale.query.consumption;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the consumers of the sales statistics ({@code onsale.statistics.*}).
 *
 * @param groupId consumer group of the sales statistics; a new group reads the topics from the beginning
 * @param concurrency consumers in this process, 1 to 64; consumers beyond the number of partitions are idle
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
