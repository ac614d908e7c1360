package dev.onsale.waitingroom;

import dev.onsale.api.InvalidValueException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the waiting room.
 *
 * @param keyFile JSON Web Key Set of the admission tokens, created if absent; without it the keys live in memory
 * @param rooms rooms to open at start, by sale id; one that exists is left as it is
 * @param waitingMax visitors in one queue
 * @param silence a visitor who was silent for so long is removed
 * @param sweepEvery how often the silent are looked for
 * @param sweepBatch how many places are looked at at once
 * @param sweepPause the pause between two batches
 * @param admitEvery how often the leader admits; the rate itself is kept per second
 * @param leadFor how long a leader that died is waited for
 * @param redisTimeout how long anybody waits for Redis
 * @param journalEvery the pause between two writes of the journal; what it holds back is what a loss of Redis loses
 * @param journalBacklogMax entries that may wait to be written; with more nobody new is taken
 * @param followReservations whether to follow the facts on Kafka and free the place of who is done
 * @param kafkaGroup consumer group of both, the facts and the intake
 * @param intakePartitions partitions of the intake topic, if it is to be created
 * @param replicationFactor copies of its partitions
 * @param autopilotQueueDepth the autopilot admits fewer above so many waiting orders
 * @param autopilotLatency the autopilot admits fewer above this latency
 */
@ConfigurationProperties("onsale.waiting-room")
record WaitingRoomProperties(
        @Nullable Path keyFile,
        @DefaultValue Map<String, RoomSettings> rooms,
        @DefaultValue("2000000") int waitingMax,
        @DefaultValue("PT5M") Duration silence,
        @DefaultValue("PT30S") Duration sweepEvery,
        @DefaultValue("1000") int sweepBatch,
        @DefaultValue("PT0.1S") Duration sweepPause,
        @DefaultValue("PT0.2S") Duration admitEvery,
        @DefaultValue("PT5S") Duration leadFor,
        @DefaultValue("PT1S") Duration redisTimeout,
        @DefaultValue("PT0.1S") Duration journalEvery,
        @DefaultValue("500000") int journalBacklogMax,
        @DefaultValue("true") boolean followReservations,
        @DefaultValue("onsale-waiting-room") String kafkaGroup,
        @DefaultValue("3") int intakePartitions,
        @DefaultValue("1") short replicationFactor,
        @DefaultValue("500") double autopilotQueueDepth,
        @DefaultValue("PT0.1S") Duration autopilotLatency) {

    private static final int SWEEP_BATCH_MAX = 5_000;

    WaitingRoomProperties {
        rooms = Map.copyOf(rooms);
        rooms.keySet().forEach(SaleId::of);
        rooms.values().forEach(RoomSettings::requireYears);
        require(waitingMax >= 1, "waiting-max is at least 1");
        require(sweepBatch >= 1 && sweepBatch <= SWEEP_BATCH_MAX, "sweep-batch is 1 to " + SWEEP_BATCH_MAX);
        require(journalBacklogMax >= 1, "journal-backlog-max is at least 1");
        require(!kafkaGroup.isBlank(), "kafka-group is empty");
        require(intakePartitions >= 1, "intake-partitions is at least 1");
        require(replicationFactor >= 1, "replication-factor is at least 1");
        requirePositive(silence, "silence");
        requirePositive(sweepEvery, "sweep-every");
        requirePositive(sweepPause, "sweep-pause");
        requirePositive(admitEvery, "admit-every");
        requirePositive(redisTimeout, "redis-timeout");
        requirePositive(journalEvery, "journal-every");
        require(leadFor.compareTo(admitEvery) > 0, "lead-for is longer than admit-every");
    }

    private static void requirePositive(Duration duration, String name) {
        require(duration.toMillis() > 0, name + " is at least a millisecond");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new InvalidValueException("onsale.waiting-room: " + rule);
        }
    }
}
