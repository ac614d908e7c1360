package dev.onsale.query.deadletter;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How dead letters are kept.
 *
 * @param parkedMax records that may wait behind dead ones; beyond it they stay in Kafka, and with them the others of their
 *     partition
 * @param groupId consumer group that files the dead letters of other sides
 * @param keptAfter how long a dead letter that was taken or given up is remembered
 */
@ConfigurationProperties("onsale.dead-letters")
public record DeadLetterSettings(
        @DefaultValue("1000000") long parkedMax,
        @DefaultValue("onsale-dead-letters") String groupId,
        @DefaultValue("30d") Duration keptAfter) {

    public DeadLetterSettings {
        if (groupId.isBlank()) {
            throw new IllegalArgumentException("onsale.dead-letters.group-id is empty");
        }
        if (parkedMax < 1) {
            throw new IllegalArgumentException("onsale.dead-letters.parked-max is at least 1, not " + parkedMax);
        }
        if (keptAfter.isNegative()) {
            throw new IllegalArgumentException("onsale.dead-letters.kept-after is not negative");
        }
    }
}
