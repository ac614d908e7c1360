package dev.onsale.command;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of the command side ({@code onsale.command.*}).
 *
 * @param writerCount number of writer threads, up to 256; 0 for one per processor, at least 2. Each routing key belongs to
 *     one writer
 * @param writerQueueDepthMax commands that may wait for one writer; more are refused with 503 {@code OVERLOADED}
 * @param aggregateCacheEntriesMax number of small aggregates in the cache
 * @param paymentWindow how long after its request a payment without an outcome keeps its hold from expiring
 * @param claimDuration lifetime of a claim in the guard whose command never answered
 * @param storePatience how long a write with an uncertain outcome is retried before the caller is told that the outcome
 *     is unknown
 * @param commandTimeout how long an HTTP request waits for its command; then 503 {@code TEMPORARILY_UNAVAILABLE},
 *     outcome unknown
 */
@ConfigurationProperties("onsale.command")
public record CommandSideProperties(
        @DefaultValue("0") int writerCount,
        @DefaultValue("10000") int writerQueueDepthMax,
        @DefaultValue("200000") long aggregateCacheEntriesMax,
        @DefaultValue("PT2M") Duration paymentWindow,
        @DefaultValue("PT10S") Duration claimDuration,
        @DefaultValue("PT30S") Duration storePatience,
        @DefaultValue("PT10S") Duration commandTimeout) {

    public CommandSideProperties {
        Assert.isTrue(writerCount >= 0 && writerCount <= 256, "onsale.command.writer-count is 0 to 256");
        writerCount = writerCount == 0 ? Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 256) : writerCount;
        Assert.isTrue(writerQueueDepthMax >= 1, "onsale.command.writer-queue-depth-max is at least 1");
        Assert.isTrue(aggregateCacheEntriesMax >= 1, "onsale.command.aggregate-cache-entries-max is at least 1");
        Assert.isTrue(paymentWindow.isPositive(), "onsale.command.payment-window is positive");
        Assert.isTrue(claimDuration.isPositive(), "onsale.command.claim-duration is positive");
        Assert.isTrue(storePatience.isPositive(), "onsale.command.store-patience is positive");
        Assert.isTrue(commandTimeout.isPositive(), "onsale.command.command-timeout is positive");
    }
}
