package dev.onsale.waitingroom.admission;

import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.key.RoomClock;
import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import dev.onsale.waitingroom.redis.ScriptTime;
import dev.onsale.waitingroom.room.WaitingRoomProperties;
import java.time.Clock;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Admits the next visitors and removes silent ones. Each step is atomic, so several nodes may run it at once. */
@Component
public class AdmissionRound {

    private static final LuaScript<ScriptReply> ADMIT = RoomScripts.withFunctions("admit");
    private static final LuaScript<ScriptReply> SWEEP = RoomScripts.withFunctions("sweep");

    private final RedisScripts redis;
    private final WaitingRoomProperties properties;
    private final Clock clock;

    public AdmissionRound(
            RedisScripts redis, WaitingRoomProperties properties, @Qualifier(RoomClock.NAME) Clock clock) {
        this.redis = redis;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * Runs one round. A room that has seen a newer fencing token refuses.
     *
     * @param perSecond limit of admissions per second, below that of the settings
     */
    public Mono<Round> admit(SaleId sale, long fence, int perSecond) {
        RoomKeys keys = new RoomKeys(sale);
        return redis.run(
                        ADMIT,
                        keys.of("room queue seen active admitted entered journal gone: sequence"),
                        ScriptTime.of(clock),
                        Long.toString(fence),
                        // Random, because Redis may have lost its counters.
                        UUID.randomUUID().toString(),
                        Long.toString(properties.silence().toMillis()),
                        Integer.toString(perSecond))
                .map(reply ->
                        new Round(Outcome.valueOf(reply.outcome()), (int) reply.number(1), (int) reply.number(2), (int)
                                reply.number(3)));
    }

    /**
     * Removes the silent visitors of one batch.
     *
     * @return start of the next batch, 0 at the end
     */
    public Mono<Long> sweep(SaleId sale, long from) {
        RoomKeys keys = new RoomKeys(sale);
        return redis.run(
                        SWEEP,
                        keys.of("room queue seen journal gone:"),
                        ScriptTime.of(clock),
                        Long.toString(properties.silence().toMillis()),
                        Integer.toString(properties.sweepBatch()),
                        Long.toString(from))
                .map(reply -> reply.number(1));
    }

    /**
     * Result of a round.
     *
     * @param expired places that ended unused or unfinished
     * @param silent visitors that were removed instead of admitted
     */
    public record Round(Outcome outcome, int admitted, int expired, int silent) {}

    public enum Outcome {
        OK,
        PAUSED,
        CLOSED,
        PRE_QUEUE,
        SHUFFLING,
        NO_ROOM,
        STALE_LEADER
    }
}
