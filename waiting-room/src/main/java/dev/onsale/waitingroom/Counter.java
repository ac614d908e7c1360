package dev.onsale.waitingroom;

import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.Script;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Lets the next ones in, and clears away who is gone. Safe to call from several nodes at once: each step is atomic. */
@Component
class Counter {

    private static final Script ADMIT = Script.load("admit");
    private static final Script SWEEP = Script.load("sweep");

    private final RedisScripts redis;
    private final WaitingRoomProperties properties;
    private final Clock clock;

    Counter(RedisScripts redis, WaitingRoomProperties properties, Clock clock) {
        this.redis = redis;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * One round of admission under the given fence; a room that has seen a newer leader refuses.
     */
    Mono<Round> admit(SaleId sale, long fence) {
        RoomKeys keys = new RoomKeys(sale);
        long now = clock.millis();
        return redis.run(
                        ADMIT,
                        List.of(keys.room(), keys.queue(), keys.seen(), keys.active(), keys.admitted(), keys.entered()),
                        Long.toString(now),
                        Long.toString(fence),
                        // Random, so that a token can never meet one of before Redis lost its counters.
                        UUID.randomUUID().toString(),
                        Long.toString(silentSince(now)))
                .map(reply ->
                        new Round(Outcome.valueOf(reply.outcome()), (int) reply.number(1), (int) reply.number(2), (int)
                                reply.number(3)));
    }

    /** Removes one batch of silent visitors; true if there may be more. */
    Mono<Boolean> sweep(SaleId sale) {
        RoomKeys keys = new RoomKeys(sale);
        return redis.run(
                        SWEEP,
                        List.of(keys.queue(), keys.seen()),
                        Long.toString(silentSince(clock.millis())),
                        Integer.toString(properties.sweepBatch()))
                .map(reply -> reply.number(0) == properties.sweepBatch());
    }

    private long silentSince(long now) {
        return now - properties.silence().toMillis();
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
        NO_ROOM,
        STALE_LEADER
    }
}
