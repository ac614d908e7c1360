package dev.onsale.saga;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of the sagas and their steps ({@code onsale.saga.*}).
 *
 * @param segmentCount segments into which the sagas are split, up to 128; 0 for one per processor, at least 2; fixed at
 *     the first start. One node works on a segment at a time
 * @param batchSizeMax events in one transaction of the saga processor, 1 to 1,000
 * @param batchWait how long events are collected for one transaction of the saga processor, 0 to 1 s; a new payment waits so
 *     long
 * @param commandTimeout how long a step waits for its command before it is retried
 * @param stepThreadsMax steps that run at the same time on this node, 2 to 10,000; a step that waits for the gateway
 *     counts
 * @param stepsInMemoryMax new steps that a node runs without reading the table, 0 to 100,000; more are found by polling
 * @param stepPollInterval how often the table is polled for due steps
 * @param stepHeartbeat time between two heartbeats of a running step; after four missed heartbeats another node takes
 *     the step
 * @param stepDrainPatience how long a shutdown waits for running steps, and once more after it has interrupted them
 * @param retryAfterMin pause before the first retry of a step without an outcome, at least 1 ms; it doubles with each
 *     retry
 * @param retryAfterMax longest pause between two retries of a step
 * @param actionPollInterval how often a payment that waits for 3-D Secure is looked up while no webhook arrives
 * @param refundPollInterval how often a refund under way is looked up while no webhook arrives
 * @param expiryRecheckInterval time between two checks of a hold that did not end when it was due
 */
@ConfigurationProperties("onsale.saga")
public record SagaProperties(
        @DefaultValue("0") int segmentCount,
        @DefaultValue("200") int batchSizeMax,
        @DefaultValue("PT0.005S") Duration batchWait,
        @DefaultValue("PT10S") Duration commandTimeout,
        @DefaultValue("20") int stepThreadsMax,
        @DefaultValue("5000") int stepsInMemoryMax,
        @DefaultValue("PT0.1S") Duration stepPollInterval,
        @DefaultValue("PT5S") Duration stepHeartbeat,
        @DefaultValue("PT12S") Duration stepDrainPatience,
        @DefaultValue("PT0.5S") Duration retryAfterMin,
        @DefaultValue("PT1M") Duration retryAfterMax,
        @DefaultValue("PT10S") Duration actionPollInterval,
        @DefaultValue("PT15M") Duration refundPollInterval,
        @DefaultValue("PT30S") Duration expiryRecheckInterval) {

    public SagaProperties {
        Assert.isTrue(segmentCount >= 0 && segmentCount <= 128, "onsale.saga.segment-count is 0 to 128");
        segmentCount =
                segmentCount == 0 ? Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 128) : segmentCount;
        Assert.isTrue(batchSizeMax >= 1 && batchSizeMax <= 1_000, "onsale.saga.batch-size-max is 1 to 1000");
        Assert.isTrue(!batchWait.isNegative() && batchWait.toSeconds() < 1, "onsale.saga.batch-wait is 0 to 1 s");
        Assert.isTrue(commandTimeout.isPositive(), "onsale.saga.command-timeout is positive");
        Assert.isTrue(stepThreadsMax >= 2 && stepThreadsMax <= 10_000, "onsale.saga.step-threads-max is 2 to 10000");
        Assert.isTrue(
                stepsInMemoryMax >= 0 && stepsInMemoryMax <= 100_000, "onsale.saga.steps-in-memory-max is 0 to 100000");
        Assert.isTrue(stepPollInterval.isPositive(), "onsale.saga.step-poll-interval is positive");
        Assert.isTrue(stepHeartbeat.isPositive(), "onsale.saga.step-heartbeat is positive");
        Assert.isTrue(stepDrainPatience.isPositive(), "onsale.saga.step-drain-patience is positive");
        Assert.isTrue(retryAfterMin.toMillis() >= 1, "onsale.saga.retry-after-min is at least 1 ms");
        Assert.isTrue(
                retryAfterMax.compareTo(retryAfterMin) >= 0, "onsale.saga.retry-after-max is at least retry-after-min");
        Assert.isTrue(actionPollInterval.isPositive(), "onsale.saga.action-poll-interval is positive");
        Assert.isTrue(refundPollInterval.isPositive(), "onsale.saga.refund-poll-interval is positive");
        Assert.isTrue(expiryRecheckInterval.isPositive(), "onsale.saga.expiry-recheck-interval is positive");
    }
}
