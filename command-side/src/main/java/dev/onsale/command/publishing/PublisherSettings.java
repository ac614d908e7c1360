package dev.onsale.command.publishing;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the publisher ({@code onsale.publisher.*}).
 *
 * @param batchWait how long events are collected for one Kafka transaction, at most 1 s
 * @param segmentCount parts into which the sales are split, 1 to 64; fixed at the first start. One node publishes a part
 *     at a time
 */
@ConfigurationProperties("onsale.publisher")
record PublisherSettings(
        @DefaultValue("10ms") Duration batchWait,
        @DefaultValue("1") int segmentCount) {

    PublisherSettings {
        if (batchWait.isNegative() || batchWait.toSeconds() >= 1) {
            throw new IllegalArgumentException("onsale.publisher.batch-wait is 0 to 1 s, not " + batchWait);
        }
        if (segmentCount < 1 || segmentCount > 64) {
            throw new IllegalArgumentException("onsale.publisher.segment-count is 1 to 64, not " + segmentCount);
        }
    }
}
