package dev.onsale.waitingroom;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.RoomStateCache.Sight;
import dev.onsale.waitingroom.RoomStatus.Control;
import dev.onsale.waitingroom.RoomStatus.Phase;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Which sales have a room, and with which settings: first in the database, then in Redis. */
@Component
class Rooms {

    /** Each room is visited five times a second by its leader. */
    static final int ROOMS_MAX = 1_000;

    private static final LuaScript<ScriptReply> DEFINE = RoomScripts.load("define-room");

    private final RoomStore store;
    private final RoomDirectory directory;
    private final RoomStateCache watch;
    private final RoomRestorer restorer;
    private final Autopilot autopilot;
    private final RedisScripts redis;
    private final Clock clock;

    Rooms(
            RoomStore store,
            RoomDirectory directory,
            RoomStateCache watch,
            RoomRestorer restorer,
            Autopilot autopilot,
            RedisScripts redis,
            @Qualifier(RoomClock.NAME) Clock clock) {
        this.store = store;
        this.directory = directory;
        this.watch = watch;
        this.restorer = restorer;
        this.autopilot = autopilot;
        this.redis = redis;
        this.clock = clock;
    }

    /** Opens the room or changes its settings; true if it is new. */
    Mono<Boolean> open(SaleId sale, RoomSettings settings) {
        return open(sale, settings, true);
    }

    /** Opens the room unless it is there; an operator's later changes survive a restart. */
    Mono<Boolean> openIfAbsent(SaleId sale, RoomSettings settings) {
        return open(sale, settings, false);
    }

    Mono<RoomStatus> setControl(SaleId sale, Control control) {
        return blocking(() -> {
                    if (!store.control(sale, control)) {
                        throw notFound(sale);
                    }
                    return sale;
                })
                .flatMap(this::publish)
                .then(status(sale));
    }

    /** Ends the room at once for all who are in it. Its journal, and with it the receipts, stay. */
    Mono<Void> delete(SaleId sale) {
        return blocking(() -> {
                    if (!store.delete(sale)) {
                        throw notFound(sale);
                    }
                    directory.refresh(sale);
                    watch.forget(sale);
                    return sale;
                })
                .flatMap(deleted -> redis.call(commands -> commands.unlink(new RoomKeys(deleted)
                        .lasting().stream()
                                .map(key -> key.getBytes(StandardCharsets.UTF_8))
                                .toArray(byte[][]::new))))
                .then();
    }

    Mono<List<String>> all() {
        return blocking(() -> List.copyOf(store.all().sales()));
    }

    Mono<RoomStatus> status(SaleId sale) {
        return definition(sale).flatMap(room -> watch.look(sale)
                .map(sight -> status(room, sight))
                .switchIfEmpty(Mono.error(() -> new RefusedException(
                        RefusalCode.TEMPORARILY_UNAVAILABLE, "The waiting room is being restored from its journal"))));
    }

    /** As the database has it, without asking it for every visitor. */
    Mono<RoomDefinition> definition(SaleId sale) {
        RoomDefinition known = directory.find(sale);
        return known != null
                ? Mono.just(known)
                : blocking(() -> {
                    RoomDefinition read = directory.refresh(sale);
                    if (read == null) {
                        throw notFound(sale);
                    }
                    return read;
                });
    }

    static RefusedException notFound(SaleId sale) {
        return new RefusedException(RefusalCode.WAITING_ROOM_NOT_FOUND, "There is no waiting room for sale " + sale);
    }

    private Mono<Boolean> open(SaleId sale, RoomSettings settings, boolean change) {
        return blocking(() -> {
                    settings.requireYears();
                    boolean fresh = !store.exists(sale);
                    if (fresh) {
                        if (store.count() >= ROOMS_MAX) {
                            throw new RefusedException(
                                    RefusalCode.TEMPORARILY_UNAVAILABLE,
                                    "There are " + ROOMS_MAX + " waiting rooms; delete one first");
                        }
                        fresh = store.insert(sale, settings);
                        restorer.restore(sale);
                    }
                    if (!fresh && change) {
                        store.settings(sale, settings);
                    }
                    return fresh;
                })
                .flatMap(fresh -> publish(sale).thenReturn(fresh));
    }

    /** Brings the settings of the database to Redis, to a room that is there. */
    private Mono<SaleId> publish(SaleId sale) {
        return blocking(() -> {
                    RoomDefinition room = directory.refresh(sale);
                    if (room == null) {
                        throw notFound(sale);
                    }
                    return room;
                })
                .flatMap(room -> redis.run(
                        DEFINE,
                        List.of(new RoomKeys(sale).room()),
                        room.fields().toArray(String[]::new)))
                .thenReturn(sale);
    }

    private static <T> Mono<T> blocking(Callable<T> work) {
        return Mono.fromCallable(work)
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorMap(
                        UnreadableRoomException.class,
                        damaged -> RefusedException.causedBy(
                                damaged,
                                RefusalCode.TEMPORARILY_UNAVAILABLE,
                                "The settings of this waiting room cannot be read; an operator has to set them again"));
    }

    private RoomStatus status(RoomDefinition room, Sight sight) {
        RoomSettings settings = room.settings();
        return new RoomStatus(
                room.sale().value(),
                sight.control(),
                sight.closed(clock.millis()) ? Phase.CLOSED : sight.phase(),
                sight.waiting(),
                sight.active(),
                sight.entered(),
                sight.admittedTotal(),
                Math.round(sight.pace().perSecond() * 600) / 10.0,
                autopilot.perSecond(room),
                counts(sight.refusals()),
                sight.journalBehind(),
                instant(sight.restoredAt()),
                room.commitment(),
                RoomSettings.set(settings.activeLimit()),
                RoomSettings.set(settings.admitPerSecond()),
                RoomSettings.set(settings.activeSeconds()),
                RoomSettings.set(settings.tokenSeconds()),
                settings.preQueueOpensAt(),
                settings.opensAt(),
                settings.closesAt(),
                RoomSettings.set(settings.joinsPerAddress()),
                RoomSettings.set(settings.addressSeconds()),
                RoomSettings.set(settings.proofOfWork()),
                settings.intake() == null ? RoomSettings.Intake.DIRECT : settings.intake(),
                Boolean.TRUE.equals(settings.autopilot()));
    }

    private static Map<String, Long> counts(List<String> fieldsAndValues) {
        Map<String, Long> counts = new TreeMap<>();
        for (int index = 0; index + 1 < fieldsAndValues.size(); index += 2) {
            counts.put(fieldsAndValues.get(index), Long.valueOf(fieldsAndValues.get(index + 1)));
        }
        return counts;
    }

    private static @Nullable Instant instant(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }
}
