package dev.onsale.query.consumption;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the consumers of the read models ({@code onsale.read-models.*}).
 *
 * @param groupId consumer group of the read models; a new group reads the topics from the beginning
 * @param concurrency consumers in this process, up to 64; 0 for one per processor; consumers beyond the
 *     number of partitions are idle
 */
@ConfigurationProperties("onsale.read-models")
record ConsumptionSettings(
        @DefaultValue("onsale-read-models") String groupId,
        @DefaultValue("0") int concurrency) {

    ConsumptionSettings {
        if (groupId.isBlank()) {
            throw new IllegalArgumentException("onsale.read-models.group-id is empty");
        }
        if (concurrency < 0 || concurrency > 64) {
            throw new IllegalArgumentException("onsale.read-models.concurrency is 0 to 64, not " + concurrency);
        }
        concurrency = concurrency == 0 ? Math.min(64, Runtime.getRuntime().availableProcessors()) : concurrency;
    }
}
