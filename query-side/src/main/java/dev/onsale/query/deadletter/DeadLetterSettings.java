package dev.onsale.query.deadletter;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the dead letters ({@code onsale.dead-letters.*}).
 *
 * @param parkedMax records that may be parked behind dead letters, at least 1; beyond it they stay in Kafka, together
 *     with the rest of their partition
 * @param groupId consumer group that files the dead letters of the notifications and of the waiting room
 * @param keptAfter how long a dead letter is kept after it was retried or dropped
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
