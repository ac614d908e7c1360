package dev.onsale.waitingroom;

import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.Script;
import dev.onsale.waitingroom.redis.ScriptTime;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * One node admits at a time: a lock that expires, with a fence that only grows. It spares Redis the work of the others;
 * correctness rests on the scripts, which refuse an old fence and share one allowance per second.
 */
@Component
class Leadership {

    static final long NOT_LEADING = 0;

    private static final Script LEAD = Script.withFunctions("lead");
    private static final Script RESIGN = Script.load("resign");
    private static final String LOCK = "onsale:{waiting-room-leader}:lock";
    private static final String FENCE = "onsale:{waiting-room-leader}:fence";

    private final String node = UUID.randomUUID().toString();
    private final RedisScripts redis;
    private final WaitingRoomProperties properties;
    private final Clock clock;

    Leadership(RedisScripts redis, WaitingRoomProperties properties, @Qualifier(RoomClock.NAME) Clock clock) {
        this.redis = redis;
        this.properties = properties;
        this.clock = clock;
    }

    /** Takes or keeps the lead: the fence, or {@link #NOT_LEADING}. */
    Mono<Long> lead() {
        return redis.run(
                        LEAD,
                        List.of(LOCK, FENCE),
                        node,
                        Long.toString(properties.leadFor().toMillis()),
                        ScriptTime.of(clock))
                .map(reply -> reply.number(0));
    }

    /** Lets another node lead at once. */
    Mono<Void> resign() {
        return redis.run(RESIGN, List.of(LOCK), node).then();
    }
}
