package dev.onsale.waitingroom;

import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.RoomStatus.Control;
import dev.onsale.waitingroom.RoomStatus.Phase;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import dev.onsale.waitingroom.redis.ScriptTime;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * What all visitors of a room share, read once for all of them: its phase, how many wait, how fast it goes. A moment old, at
 * most {@link #FRESH_MILLIS} while somebody asks.
 */
@Component
class RoomStateCache {

    static final long FRESH_MILLIS = 500;
    private static final long USABLE_MILLIS = 3_000;
    private static final LuaScript<ScriptReply> STATUS = RoomScripts.withFunctions("room-status");

    private final RedisScripts redis;
    private final Clock clock;
    private final Map<SaleId, Watched> watched = new ConcurrentHashMap<>();

    RoomStateCache(RedisScripts redis, @Qualifier(RoomClock.NAME) Clock clock) {
        this.redis = redis;
        this.clock = clock;
    }

    /** What was read of a room at one instant. */
    record Sight(
            long at,
            Phase phase,
            Control control,
            long admittedTotal,
            long epoch,
            long opensAt,
            long closesAt,
            long restoredAt,
            long journalUntil,
            long boundary,
            int activeLimit,
            int admitPerSecond,
            long activeMillis,
            long waiting,
            long active,
            long entered,
            long journalBehind,
            List<String> refusals,
            AdmissionPace.Reading pace) {

        boolean closed(long now) {
            return closesAt > 0 && now >= closesAt;
        }
    }

    private static final class Watched {
        final AdmissionPace pace = new AdmissionPace();
        final AtomicBoolean reading = new AtomicBoolean();
        volatile @Nullable Sight last;
    }

    /** The last sight if it is young enough to answer by; a new one is read beside the answer. */
    @Nullable
    Sight recent(SaleId sale) {
        Watched of = watched.get(sale);
        Sight last = of == null ? null : of.last;
        if (of == null || last == null) {
            return null;
        }
        long age = clock.millis() - last.at();
        if (age >= FRESH_MILLIS && of.reading.compareAndSet(false, true)) {
            var unused = look(sale).subscribe(sight -> {}, failure -> {});
        }
        return age >= 0 && age < USABLE_MILLIS ? last : null;
    }

    /** The last sight, or one that is read now; empty if Redis has no such room. */
    Mono<Sight> recentOrNow(SaleId sale) {
        Sight recent = recent(sale);
        return recent != null ? Mono.just(recent) : look(sale);
    }

    /** Reads the room now; empty if Redis has none. */
    Mono<Sight> look(SaleId sale) {
        RoomKeys keys = new RoomKeys(sale);
        long now = clock.millis();
        return redis.run(
                        STATUS,
                        List.of(
                                keys.room(),
                                keys.queue(),
                                keys.active(),
                                keys.entered(),
                                keys.journal(),
                                keys.refusals()),
                        ScriptTime.of(clock))
                .mapNotNull(reply -> seen(sale, now, reply))
                .doFinally(signal -> {
                    Watched of = watched.get(sale);
                    if (of != null) {
                        of.reading.set(false);
                    }
                });
    }

    void forget(SaleId sale) {
        watched.remove(sale);
    }

    private @Nullable Sight seen(SaleId sale, long now, ScriptReply reply) {
        if (reply.outcome().equals("NO_ROOM")) {
            watched.remove(sale);
            return null;
        }
        Watched of = watched.computeIfAbsent(sale, key -> new Watched());
        Sight sight = new Sight(
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
