package dev.onsale.saga.calloff;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of calling shows off ({@code onsale.call-off.*}).
 *
 * @param batchSizeMax reservations that are ended in one batch, 1 to 1,000
 * @param interval pause between two batches; with the size of a batch it limits how many refunds begin in a second
 * @param openRefundsMax refunds of one show that may be under way at the same time, 1 to 100,000; with as many, no batch begins
 */
@ConfigurationProperties("onsale.call-off")
public record CallOffProperties(
        @DefaultValue("50") int batchSizeMax,
        @DefaultValue("PT0.5S") Duration interval,
        @DefaultValue("500") int openRefundsMax) {

    public CallOffProperties {
        Assert.isTrue(batchSizeMax >= 1 && batchSizeMax <= 1_000, "onsale.call-off.batch-size-max is 1 to 1000");
        Assert.isTrue(interval.isPositive(), "onsale.call-off.interval is positive");
        Assert.isTrue(
                openRefundsMax >= 1 && openRefundsMax <= 100_000, "onsale.call-off.open-refunds-max is 1 to 100000");
    }
}
