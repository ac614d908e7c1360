package dev.onsale.waitingroom.room;

import dev.onsale.api.InvalidValueException;
import dev.onsale.waitingroom.key.SaleId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the waiting room ({@code onsale.waiting-room.*}).
 *
 * @param keyFile JSON Web Key Set with the admission keys of this node; imported once the database has a master key,
 *     and created only where there is none
 * @param rooms waiting rooms that are opened at start, by sale id; an existing room is not changed
 * @param waitingMax visitors in one queue, at least 1
 * @param silence a visitor that has not asked for this long is removed
 * @param sweepEvery how often silent visitors are looked for
 * @param sweepBatch visitors that one script of the sweep examines, 1 to 5,000
 * @param sweepPause pause between two scripts of the sweep
 * @param admitEvery how often the leader admits; the rate is set per second
 * @param leadFor lifetime of the leader's lease: how long a dead leader is waited for; longer than {@code admit-every}
 * @param redisTimeout time-out of each call to Redis
 * @param journalEvery pause between two writes of the journal; a loss of Redis loses what happened since the last write
 * @param journalBacklogMax journal entries that may wait to be written, at least 1; beyond it no new visitor may join
 * @param followReservations whether the waiting room consumes the reservation events and frees the place of a buyer who
 *     has booked, cancelled or let the hold expire
 * @param kafkaGroup prefix of the names of the waiting room's consumer groups
 * @param intakePartitions partitions of the topic {@code waiting-room-joins} when it is created
 * @param replicationFactor copies of each partition of the waiting room's topics when they are created
 * @param autopilotQueueDepth the autopilot admits fewer visitors while more commands than this wait for the writers
 * @param autopilotLatency the autopilot admits fewer visitors while commands take longer than this
 * @param autopilotReadModelLag the autopilot admits fewer visitors while the read models are further behind than this
 */
@ConfigurationProperties("onsale.waiting-room")
public record WaitingRoomProperties(
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
        @DefaultValue("PT0.1S") Duration autopilotLatency,
        @DefaultValue("PT5S") Duration autopilotReadModelLag) {

    private static final int SWEEP_BATCH_MAX = 5_000;

    public WaitingRoomProperties {
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
