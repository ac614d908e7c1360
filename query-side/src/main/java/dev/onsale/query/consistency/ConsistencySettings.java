package dev.onsale.query.consistency;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the live auditor ({@code onsale.consistency.*}).
 *
 * @param enabled whether this process compares read models with the event store all the time; a comparison on demand is
 *     always possible
 * @param every time between two rounds; a round is limited to about a tenth of this time
 */
@ConfigurationProperties("onsale.consistency")
record ConsistencySettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("30s") Duration every) {

    ConsistencySettings {
        if (every.toMillis() < 1) {
            throw new IllegalArgumentException("onsale.consistency.every is at least a millisecond");
        }
    }
}
