package dev.onsale.standalone.clock;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the clock ({@code onsale.clock.*}).
 *
 * @param maxOffset how far the clocks of node, database and Redis may be apart before the node says so; also the largest step of
 *     the database's clock that is followed at once, and the longest round trip divided by two of a measurement that counts
 * @param measureEvery time between two measurements
 */
@ConfigurationProperties("onsale.clock")
public record ClockProperties(
        @DefaultValue("PT1S") Duration maxOffset,
        @DefaultValue("PT10S") Duration measureEvery) {

    public ClockProperties {
        if (!maxOffset.isPositive() || !measureEvery.isPositive()) {
            throw new IllegalArgumentException("onsale.clock.max-offset and onsale.clock.measure-every are positive");
        }
    }
}
