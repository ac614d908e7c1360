package dev.onsale.saga;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the saga side ({@code onsale.saga.*}).
 *
 * @param segmentCount shares into which the sagas are split at the first start; each is worked on by one node at a time
 * @param batchSizeMax events that one transaction of the saga processor may cover
 * @param commandTimeout how long a step waits for the answer to its command before it asks again
 * @param stepThreadsMax steps under way at once on this node; a step that waits for the gateway occupies one
 * @param stepsInMemoryMax steps that were just written and are taken without a look into the table, waiting or under way; more
 *     than that are found by polling
 * @param stepPollInterval how often due steps are looked for when nothing announced them
 * @param stepHeartbeat how often a running step is marked as alive; after four missed marks another node takes it over
 * @param stepDrainPatience how long a stop waits for running steps, and once more after interrupting them
 * @param retryAfterMin first pause before a step without an outcome is tried again; doubles with each try
 * @param retryAfterMax longest such pause
 * @param actionPollInterval how often a payment that waits for its buyer to authenticate is looked up, when no webhook comes
 * @param refundPollInterval how often a refund that is under way is looked up, when no webhook comes
 * @param expiryRecheckInterval pause between looks at a hold that did not end when it was due
 */
@ConfigurationProperties("onsale.saga")
public record SagaProperties(
        @DefaultValue("4") int segmentCount,
        @DefaultValue("200") int batchSizeMax,
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
        require(segmentCount >= 1 && segmentCount <= 128, "onsale.saga.segment-count is 1 to 128");
        require(batchSizeMax >= 1 && batchSizeMax <= 1_000, "onsale.saga.batch-size-max is 1 to 1000");
        require(commandTimeout.isPositive(), "onsale.saga.command-timeout is positive");
        require(stepThreadsMax >= 2 && stepThreadsMax <= 10_000, "onsale.saga.step-threads-max is 2 to 10000");
        require(stepsInMemoryMax >= 0 && stepsInMemoryMax <= 100_000, "onsale.saga.steps-in-memory-max is 0 to 100000");
        require(stepPollInterval.isPositive(), "onsale.saga.step-poll-interval is positive");
        require(stepHeartbeat.isPositive(), "onsale.saga.step-heartbeat is positive");
        require(stepDrainPatience.isPositive(), "onsale.saga.step-drain-patience is positive");
        require(retryAfterMin.toMillis() >= 1, "onsale.saga.retry-after-min is at least 1 ms");
        require(retryAfterMax.compareTo(retryAfterMin) >= 0, "onsale.saga.retry-after-max is at least retry-after-min");
        require(actionPollInterval.isPositive(), "onsale.saga.action-poll-interval is positive");
        require(refundPollInterval.isPositive(), "onsale.saga.refund-poll-interval is positive");
        require(expiryRecheckInterval.isPositive(), "onsale.saga.expiry-recheck-interval is positive");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
