package dev.onsale.waitingroom;

import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import dev.onsale.waitingroom.redis.ScriptTime;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Lets the next ones in, and clears away who is gone. Safe to call from several nodes at once: each step is atomic. */
@Component
class AdmissionRound {

    private static final LuaScript<ScriptReply> ADMIT = RoomScripts.withFunctions("admit");
    private static final LuaScript<ScriptReply> SWEEP = RoomScripts.withFunctions("sweep");

    private final RedisScripts redis;
    private final WaitingRoomProperties properties;
    private final Clock clock;

    AdmissionRound(RedisScripts redis, WaitingRoomProperties properties, @Qualifier(RoomClock.NAME) Clock clock) {
        this.redis = redis;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * One round of admission under the given fence; a room that has seen a newer leader refuses.
     *
     * @param perSecond admissions within one second, if the room's settings do not say fewer
     */
    Mono<Round> admit(SaleId sale, long fence, int perSecond) {
        RoomKeys keys = new RoomKeys(sale);
        return redis.run(
                        ADMIT,
                        List.of(
                                keys.room(),
                                keys.queue(),
                                keys.seen(),
                                keys.active(),
                                keys.admitted(),
                                keys.entered(),
                                keys.journal(),
                                keys.gone(),
                                keys.sequence()),
                        ScriptTime.of(clock),
                        Long.toString(fence),
                        // Random, so that a token can never meet one of before Redis lost its counters.
                        UUID.randomUUID().toString(),
                        Long.toString(properties.silence().toMillis()),
                        Integer.toString(perSecond))
                .map(reply ->
                        new Round(Outcome.valueOf(reply.outcome()), (int) reply.number(1), (int) reply.number(2), (int)
                                reply.number(3)));
    }

    /** Removes the silent of one stretch of the queue; answers where the next one begins, 0 at the end. */
    Mono<Long> sweep(SaleId sale, long from) {
        RoomKeys keys = new RoomKeys(sale);
        return redis.run(
                        SWEEP,
                        List.of(keys.room(), keys.queue(), keys.seen(), keys.journal(), keys.gone()),
                        ScriptTime.of(clock),
                        Long.toString(properties.silence().toMillis()),
                        Integer.toString(properties.sweepBatch()),
                        Long.toString(from))
                .map(reply -> reply.number(1));
    }

    /**
     * What a round did.
     *
     * @param expired places that ended unused or unfinished
     * @param silent visitors whose turn it was and who had been silent too long
     */
    record Round(Outcome outcome, int admitted, int expired, int silent) {}

    enum Outcome {
        OK,
        PAUSED,
        CLOSED,
        PRE_QUEUE,
        SHUFFLING,
        NO_ROOM,
        STALE_LEADER
    }
}
