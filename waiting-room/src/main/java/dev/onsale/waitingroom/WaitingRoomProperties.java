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
 * @param sweepBatch how many are removed at once
 * @param sweepPause the pause between two batches
 * @param admitEvery how often the leader admits; the rate itself is kept per second
 * @param leadFor how long a leader that died is waited for
 * @param redisTimeout how long anybody waits for Redis
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
        @DefaultValue("PT1S") Duration redisTimeout) {

    private static final int SWEEP_BATCH_MAX = 5_000;

    WaitingRoomProperties {
        rooms = Map.copyOf(rooms);
        rooms.keySet().forEach(SaleId::of);
        require(waitingMax >= 1, "waiting-max is at least 1");
        require(sweepBatch >= 1 && sweepBatch <= SWEEP_BATCH_MAX, "sweep-batch is 1 to " + SWEEP_BATCH_MAX);
        requirePositive(silence, "silence");
        requirePositive(sweepEvery, "sweep-every");
        requirePositive(sweepPause, "sweep-pause");
        requirePositive(admitEvery, "admit-every");
        requirePositive(redisTimeout, "redis-timeout");
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
