package dev.onsale.command.guard.reconcile;

import dev.onsale.command.guard.state.GuardRedis;
import dev.onsale.command.guard.state.LuaScript;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.UUID;

/** One node at a time; a node that died gives way when its lease ends. */
final class GuardLease {

    private static final LuaScript KEEP = LuaScript.load("keep-lease.lua", ScriptOutputType.INTEGER);

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

    /** Not waited for: a lease that could not be prolonged ends, and another node may begin. */
    void prolong(String key, Duration lasts) {
        keep(key, lasts.toMillis());
    }

    /** Not waited for: a lease that could not be given back ends by itself. */
    void giveBack(String key) {
        keep(key, 0);
    }

    private void keep(String key, long millis) {
        String[] keys = {key};
        var unused = redis.<Long>call(commands -> KEEP.run(commands, keys, holder, Long.toString(millis)));
    }
}
