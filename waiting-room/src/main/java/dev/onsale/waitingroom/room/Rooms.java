package dev.onsale.waitingroom.room;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.waitingroom.key.RoomClock;
import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.Script;
import dev.onsale.waitingroom.room.RoomStateCache.Sight;
import dev.onsale.waitingroom.room.RoomStatus.Control;
import dev.onsale.waitingroom.room.RoomStatus.Phase;
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
public class Rooms {

    private static final Script DEFINE = Script.load("define-room");

    private final RoomStore store;
    private final RoomDirectory directory;
    private final RoomStateCache watch;
    private final RoomBuilder builder;
    private final Autopilot autopilot;
    private final RedisScripts redis;
    private final Clock clock;

    public Rooms(
            RoomStore store,
            RoomDirectory directory,
            RoomStateCache watch,
            RoomBuilder builder,
            Autopilot autopilot,
            RedisScripts redis,
            @Qualifier(RoomClock.NAME) Clock clock) {
        this.store = store;
        this.directory = directory;
        this.watch = watch;
        this.builder = builder;
        this.autopilot = autopilot;
        this.redis = redis;
        this.clock = clock;
    }

    /** Opens the room or changes its settings; true if it is new. */
    public Mono<Boolean> open(SaleId sale, RoomSettings settings) {
        return open(sale, settings, true);
    }

    /** Opens the room unless it is there; an operator's later changes survive a restart. */
    public Mono<Boolean> openIfAbsent(SaleId sale, RoomSettings settings) {
        return open(sale, settings, false);
    }

    public Mono<RoomStatus> setControl(SaleId sale, Control control) {
        return blocking(() -> {
                    if (!store.control(sale, control)) {
                        throw RoomDirectory.notFound(sale);
                    }
                    return sale;
                })
                .flatMap(this::publish)
                .then(status(sale));
    }

    /** Ends the room at once for all who are in it. Its journal, and with it the receipts, stay. */
    public Mono<Void> delete(SaleId sale) {
        return blocking(() -> {
                    if (!store.delete(sale)) {
                        throw RoomDirectory.notFound(sale);
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

    public Mono<RoomStatus> status(SaleId sale) {
        return definition(sale).flatMap(room -> watch.look(sale)
                .map(sight -> status(room, sight))
                .switchIfEmpty(Mono.error(() -> new RefusedException(
                        RefusalCode.TEMPORARILY_UNAVAILABLE, "The waiting room is being restored from its journal"))));
    }

    /** As the database has it, without asking it for every visitor. */
    public Mono<RoomDefinition> definition(SaleId sale) {
        RoomDefinition known = directory.find(sale);
        return known != null
                ? Mono.just(known)
                : blocking(() -> {
                    RoomDefinition read = directory.refresh(sale);
                    if (read == null) {
                        throw RoomDirectory.notFound(sale);
                    }
                    return read;
                });
    }

    private Mono<Boolean> open(SaleId sale, RoomSettings settings, boolean change) {
        return blocking(() -> {
                    settings.requireYears();
                    boolean fresh = !store.exists(sale);
                    if (fresh) {
                        if (store.count() >= RoomStore.ROOMS_MAX) {
                            throw new RefusedException(
                                    RefusalCode.TEMPORARILY_UNAVAILABLE,
                                    "There are " + RoomStore.ROOMS_MAX + " waiting rooms; delete one first");
                        }
                        fresh = store.insert(sale, settings);
                        builder.restore(sale);
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
                        throw RoomDirectory.notFound(sale);
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
