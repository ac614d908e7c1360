package dev.onsale.waitingroom;

import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Renews the lock of one builder while it makes progress, however long the build takes. */
final class BuilderLock {

    private static final LuaScript<ScriptReply> RENEW = RoomScripts.load("renew-restore");
    private static final LuaScript<ScriptReply> RELEASE = RoomScripts.load("resign");
    private static final int RENEWALS_PER_LEASE = 3;
    private static final Duration STOP_MAX = Duration.ofSeconds(1);

    private final PeriodicTasks thread = new PeriodicTasks("waiting-room-builder-lock");
    private final RedisScripts redis;
    private final RoomKeys keys;
    private final String builder;
    private final Duration lease;
    private final BooleanSupplier silent;

    /**
     * @param silent whether the builder makes no progress any more: then its lock ends, and another builder may try
     * @param work supervises the renewals; a failed one is repeated, and the scripts of the build find out whether the lock is lost
     */
    BuilderLock(
            RedisScripts redis,
            RoomKeys keys,
            String builder,
            Duration lease,
            BooleanSupplier silent,
            SupervisedWork work) {
        this.redis = redis;
        this.keys = keys;
        this.builder = builder;
        this.lease = lease;
        this.silent = silent;
        Duration every = lease.dividedBy(RENEWALS_PER_LEASE);
        var unused = thread.every(every, work, this::renew);
    }

    private void renew() {
        if (silent.getAsBoolean()) {
            return;
        }
        redis.run(RENEW, List.of(keys.building()), builder, Long.toString(lease.toMillis()))
                .block(lease);
    }

    void stopRenewing() {
        thread.stopNow(STOP_MAX);
    }

    /** After a build that failed: another node, or this one, may try at once. */
    void release() {
        redis.run(RELEASE, List.of(keys.building()), builder).block(lease);
    }
}
