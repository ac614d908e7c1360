package dev.onsale.waitingroom.room;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.key.RoomClock;
import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import dev.onsale.waitingroom.redis.ScriptTime;
import dev.onsale.waitingroom.room.RoomStatus.Control;
import dev.onsale.waitingroom.room.RoomStatus.Phase;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Cache of what all visitors of a room share: phase, number of visitors, admission rate. At most {@link #FRESH_MILLIS}
 * old while it is read.
 */
@Component
public class RoomStateCache {

    static final long FRESH_MILLIS = 500;
    private static final long USABLE_MILLIS = 3_000;
    private static final LuaScript<ScriptReply> STATUS = RoomScripts.withFunctions("room-status");

    private final RedisScripts redis;
    private final RoomDirectory directory;
    private final Clock clock;
    private final Map<SaleId, Watched> watched = new ConcurrentHashMap<>();

    public RoomStateCache(RedisScripts redis, RoomDirectory directory, @Qualifier(RoomClock.NAME) Clock clock) {
        this.redis = redis;
        this.directory = directory;
        this.clock = clock;
    }

    private static final class Watched {
        final AdmissionPace pace = new AdmissionPace();
        final AtomicBoolean reading = new AtomicBoolean();
        volatile @Nullable RoomState last;
    }

    /** The cached state, null if it is too old. Refreshes an aging state in the background. */
    @Nullable
    public RoomState recent(SaleId sale) {
        Watched of = watched.get(sale);
        RoomState last = of == null ? null : of.last;
        if (of == null || last == null) {
            return null;
        }
        long age = clock.millis() - last.at();
        if (age >= FRESH_MILLIS && of.reading.compareAndSet(false, true)) {
            var unused = look(sale).subscribe(sight -> {}, failure -> {});
        }
        return age >= 0 && age < USABLE_MILLIS ? last : null;
    }

    /** The cached state, or the current one. Refuses with {@link #noRoom} if Redis does not have the room. */
    public Mono<RoomState> recentOrNow(SaleId sale) {
        RoomState recent = recent(sale);
        return recent != null ? Mono.just(recent) : look(sale).switchIfEmpty(Mono.error(() -> noRoom(sale)));
    }

    /** Reads the current state; empty if Redis does not have the room. */
    Mono<RoomState> look(SaleId sale) {
        RoomKeys keys = new RoomKeys(sale);
        long now = clock.millis();
        return redis.run(STATUS, keys.of("room queue active entered journal refusals"), ScriptTime.of(clock))
                .mapNotNull(reply -> seen(sale, now, reply))
                .doFinally(signal -> {
                    Watched of = watched.get(sale);
                    if (of != null) {
                        of.reading.set(false);
                    }
                });
    }

    public void forget(SaleId sale) {
        watched.remove(sale);
    }

    /** Refusal for a room that Redis does not have: unknown, or lost and being restored. */
    public RefusedException noRoom(SaleId sale) {
        forget(sale);
        return directory.find(sale) == null
                ? RoomDirectory.notFound(sale)
                : new RefusedException(
                        RefusalCode.TEMPORARILY_UNAVAILABLE,
                        "The waiting room is being restored from its journal after a failure. You keep your place"
                                + " unless you joined within the last second. Try again shortly");
    }

    private @Nullable RoomState seen(SaleId sale, long now, ScriptReply reply) {
        if (reply.outcome().equals("NO_ROOM")) {
            watched.remove(sale);
            return null;
        }
        Watched of = watched.computeIfAbsent(sale, key -> new Watched());
        RoomState sight = new RoomState(
                now,
                Phase.valueOf(reply.text(1)),
                Control.valueOf(reply.text(2)),
                reply.number(3),
                reply.number(4),
                reply.number(5),
                reply.number(6),
                reply.number(7),
                reply.number(8),
                reply.number(9),
                (int) reply.number(10),
                (int) reply.number(11),
                reply.number(12),
                reply.number(13),
                reply.number(14),
                reply.number(15),
                reply.number(16),
                reply.texts(17),
                of.pace.read(now, reply.number(3)));
        of.last = sight;
        return sight;
    }
}
