package dev.onsale.waitingroom.recovery;

import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import dev.onsale.waitingroom.redis.ScriptTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Writes one room to Redis under the lock of one builder. Each script checks the lock. Blocks. */
final class RoomBuild {

    private static final LuaScript<ScriptReply> BEGIN = RoomScripts.load("begin-restore");
    private static final LuaScript<ScriptReply> BATCH = RoomScripts.withFunctions("restore");
    private static final LuaScript<ScriptReply> JOURNAL = RoomScripts.load("begin-journal");
    private static final LuaScript<ScriptReply> END = RoomScripts.load("end-restore");
    private static final LuaScript<ScriptReply> RENEW = RoomScripts.load("renew-restore");
    private static final LuaScript<ScriptReply> RELEASE = RoomScripts.load("resign");
    private static final int BATCH_SIZE = 500;
    private static final int RENEWALS_PER_LEASE = 3;
    private static final Duration STEP_MAX = Duration.ofSeconds(10);
    private static final Duration STOP_MAX = Duration.ofSeconds(1);

    private final RedisScripts redis;
    private final RoomKeys keys;
    private final String builder;
    private final Duration lease;
    private final String leaseMillis;
    private final Clock clock;
    private final PeriodicTasks renewals = new PeriodicTasks("waiting-room-builder-lock");

    RoomBuild(RedisScripts redis, RoomKeys keys, String builder, Duration lease, Clock clock) {
        this.redis = redis;
        this.keys = keys;
        this.builder = builder;
        this.lease = lease;
        this.leaseMillis = Long.toString(lease.toMillis());
        this.clock = clock;
    }

    /** Acquires the lock and removes the rest of the room: {@code OK}, or {@code THERE} if the room exists. */
    String begin(long epoch) {
        return run(BEGIN, keys.lasting(), List.of(builder, leaseMillis, Long.toString(epoch)));
    }

    /**
     * Renews the lock while the build makes progress.
     *
     * @param silent whether the build makes no progress; then the lock expires and another node may build
     * @param work supervises the renewals. A failed one is repeated; the scripts of the build notice a lost lock
     */
    void renewLock(BooleanSupplier silent, SupervisedWork work) {
        var unused = renewals.every(lease.dividedBy(RENEWALS_PER_LEASE), work, () -> {
            if (!silent.getAsBoolean()) {
                redis.run(RENEW, List.of(keys.building()), builder, leaseMillis).block(lease);
            }
        });
    }

    void stopRenewing() {
        renewals.stopNow(STOP_MAX);
    }

    /** Releases the lock after a failed build, for an immediate retry by any node. */
    void release() {
        redis.run(RELEASE, List.of(keys.building()), builder).block(lease);
    }

    /** False if the lock was lost. */
    boolean write(RestoredRoom room, JournalFold fold, long now) {
        List<String> entries = room.entries;
        long after = Math.max(now, fold.lastMillis + 1);
        List<String> journal = List.of(keys.building(), keys.journal());
        return batches("waiting", room.waiting(), 2)
                && batches("places", room.places(), 4)
                && batches("holds", room.holds(), 4)
                && isOk(run(JOURNAL, journal, List.of(builder, after + "-0", entries.getFirst())))
                && batches("journal", entries.subList(1, entries.size()), 1)
                && end(fold.maxNumber, room.fields());
    }

    private boolean end(long maxNumber, List<String> fields) {
        List<String> arguments = Stream.concat(Stream.of(builder, Long.toString(maxNumber)), fields.stream())
                .toList();
        return isOk(run(END, List.of(keys.building(), keys.room(), keys.sequence()), arguments));
    }

    private boolean batches(String kind, List<String> values, int width) {
        List<String> batchKeys = keys.of("building queue seen active admitted entered journal", "holds:");
        for (int from = 0; from < values.size(); from += BATCH_SIZE * width) {
            List<String> arguments = new ArrayList<>(List.of(builder, leaseMillis, ScriptTime.of(clock), kind));
            arguments.addAll(values.subList(from, Math.min(values.size(), from + BATCH_SIZE * width)));
            if (!isOk(run(BATCH, batchKeys, arguments))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOk(String outcome) {
        return outcome.equals("OK");
    }

    private String run(LuaScript<ScriptReply> script, List<String> scriptKeys, List<String> arguments) {
        ScriptReply reply =
                redis.run(script, scriptKeys, arguments.toArray(String[]::new)).block(STEP_MAX);
        if (reply == null) {
            throw new IllegalStateException("The script " + script.name() + " returned nothing");
        }
        SupervisedWork.progress();
        return reply.outcome();
    }
}
