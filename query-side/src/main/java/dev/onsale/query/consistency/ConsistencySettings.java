package dev.onsale.query.consistency;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the live auditor ({@code onsale.consistency.*}).
 *
 * @param enabled whether sales are compared all the time; on demand they always are
 * @param every time between two rounds, a tenth of which a round takes about
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
