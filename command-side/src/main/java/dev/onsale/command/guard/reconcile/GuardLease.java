package dev.onsale.command.guard.reconcile;

import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.GuardScripts;
import dev.onsale.platform.redis.LuaScript;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.UUID;

/** Lets one node at a time compare guards. The lease of a node that died ends by itself. */
final class GuardLease {

    private static final LuaScript<Long> KEEP = GuardScripts.number("keep-lease.lua");

    private final GuardRedis redis;
    private final String holder = UUID.randomUUID().toString();

    GuardLease(GuardRedis redis) {
        this.redis = redis;
    }

    boolean take(String key, Duration lasts) throws Exception {
        return "OK"
                .equals(ReconciliationRun.awaited(redis.call(commands ->
                        commands.set(key, holder, SetArgs.Builder.nx().px(lasts)))));
    }

    /** Does not wait. A lease that could not be extended ends, and another node may begin. */
    void prolong(String key, Duration lasts) {
        keep(key, lasts.toMillis());
    }

    /** Does not wait. A lease that could not be released ends by itself. */
    void giveBack(String key) {
        keep(key, 0);
    }

    private void keep(String key, long millis) {
        String[] keys = {key};
        var unused = redis.run(KEEP, keys, holder, Long.toString(millis));
    }
}
