package dev.onsale.standalone.clock;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the clock ({@code onsale.clock.*}).
 *
 * @param maxOffset largest accepted difference between the clocks of the node, the database and Redis; a larger one is
 *     reported in log, metrics and health. Also the largest step of the database's clock that is followed at once. A
 *     measurement whose round trip takes more than twice this time is ignored
 * @param measureEvery time between two measurements of the database's clock, which all deadlines follow
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
