package dev.onsale.waitingroom;

import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import dev.onsale.waitingroom.redis.ScriptTime;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

    private static final Logger log = LoggerFactory.getLogger(Leadership.class);

    private static final LuaScript<ScriptReply> LEAD = RoomScripts.withFunctions("lead");
    private static final LuaScript<ScriptReply> RESIGN = RoomScripts.load("resign");
    private static final String LOCK = "onsale:{waiting-room-leader}:lock";
    private static final String FENCE = "onsale:{waiting-room-leader}:fence";

    private final String node = UUID.randomUUID().toString();
    private final RedisScripts redis;
    private final WaitingRoomProperties properties;
    private final Clock clock;
    private volatile long leadsUntil = System.nanoTime();
    private volatile long standsDownUntil = System.nanoTime();

    Leadership(RedisScripts redis, WaitingRoomProperties properties, @Qualifier(RoomClock.NAME) Clock clock) {
        this.redis = redis;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * Takes or keeps the lead: the fence, or {@link #NOT_LEADING}. Only the loop that admits calls it, so that a node that does not
     * admit any more loses the lead.
     */
    Mono<Long> lead() {
        return Mono.defer(() -> isStandingDown() ? Mono.just(NOT_LEADING) : takeOrKeep());
    }

    private Mono<Long> takeOrKeep() {
        // Before the call: Redis may have taken it any time later.
        long begun = System.nanoTime();
        return redis.run(
                        LEAD,
                        List.of(LOCK, FENCE),
                        node,
                        Long.toString(properties.leadFor().toMillis()),
                        ScriptTime.of(clock))
                .map(reply -> reply.number(0))
                .doOnNext(fence -> leadsUntil = fence == NOT_LEADING
                        ? begun
                        : begun + properties.leadFor().toNanos());
    }

    /** Whether this node has the lead, as it knows without asking. */
    boolean leads() {
        return leadsUntil - System.nanoTime() > 0;
    }

    /**
     * Gives the lead up because this node cannot do its work. Another node takes it; if there is none, this one tries again after
     * twice the time of a lease.
     */
    void standDown() {
        long now = System.nanoTime();
        standsDownUntil = now + 2 * properties.leadFor().toNanos();
        leadsUntil = now;
        var unused = resign().subscribe(
                        done -> {}, failure -> log.debug("The lead was not handed over; it ends by itself", failure));
    }

    boolean isStandingDown() {
        return standsDownUntil - System.nanoTime() > 0;
    }

    /** Lets another node lead at once. */
    Mono<Void> resign() {
        leadsUntil = System.nanoTime();
        return redis.run(RESIGN, List.of(LOCK), node).then();
    }
}
