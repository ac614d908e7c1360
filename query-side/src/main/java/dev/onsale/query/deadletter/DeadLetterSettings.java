package dev.onsale.query.deadletter;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How dead letters are kept.
 *
 * @param parkedMax records that may wait behind dead ones; beyond it they stay in Kafka, and with them the others of their
 *     partition
 * @param keptAfter how long a dead letter that was taken or given up is remembered
 */
@ConfigurationProperties("onsale.dead-letters")
record DeadLetterSettings(
        @DefaultValue("1000000") long parkedMax,
        @DefaultValue("30d") Duration keptAfter) {

    DeadLetterSettings {
        if (parkedMax < 1) {
            throw new IllegalArgumentException("onsale.dead-letters.parked-max is at least 1, not " + parkedMax);
        }
        if (keptAfter.isNegative()) {
            throw new IllegalArgumentException("onsale.dead-letters.kept-after is not negative");
        }
    }
}
