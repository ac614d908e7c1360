package dev.onsale.waitingroom.room;

import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.key.RoomClock;
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
 * Elects the node that admits: a Redis lock that expires, with a fencing token that only grows. This saves Redis work;
 * correctness does not depend on it, because the scripts refuse an old fence and share one rate limit.
 */
@Component
public class Leadership {

    public static final long NOT_LEADING = 0;

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

    public Leadership(RedisScripts redis, WaitingRoomProperties properties, @Qualifier(RoomClock.NAME) Clock clock) {
        this.redis = redis;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * Acquires or renews the lead.
     *
     * @return the fencing token, or {@link #NOT_LEADING}. Only the admission loop calls this, so a node whose loop
     *     hangs loses the lead
     */
    public Mono<Long> lead() {
        return Mono.defer(() -> isStandingDown() ? Mono.just(NOT_LEADING) : takeOrKeep());
    }

    private Mono<Long> takeOrKeep() {
        // Measured before the call, because Redis may take the lock at any time after it.
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

    /** Whether this node has the lead, without asking Redis. */
    public boolean leads() {
        return leadsUntil - System.nanoTime() > 0;
    }

    /**
     * Gives up the lead because this node cannot do its work. If no other node takes it, this node tries again after
     * twice the lease.
     */
    public void standDown() {
        long now = System.nanoTime();
        standsDownUntil = now + 2 * properties.leadFor().toNanos();
        leadsUntil = now;
        var unused =
                resign().subscribe(done -> {}, failure -> log.debug("Could not release the lead; it expires", failure));
    }

    public boolean isStandingDown() {
        return standsDownUntil - System.nanoTime() > 0;
    }

    /** Releases the lead for another node. */
    public Mono<Void> resign() {
        leadsUntil = System.nanoTime();
        return redis.run(RESIGN, List.of(LOCK), node).then();
    }
}
