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
import dev.onsale.waitingroom.room.RoomStatus.Control;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Opens, changes and deletes rooms: first in the database, then in Redis. */
@Component
public class Rooms {

    private static final LuaScript<ScriptReply> DEFINE = RoomScripts.load("define-room");

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

    /**
     * Opens the room or changes its settings.
     *
     * @return whether the room is new
     */
    public Mono<Boolean> open(SaleId sale, RoomSettings settings) {
        return open(sale, settings, true);
    }

    /** Opens the room unless it exists. Later changes by an operator survive a restart. */
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

    /** Deletes the room at once for all visitors. Its journal and the receipts are kept. */
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
                .map(state -> RoomStatus.of(room, state, autopilot.perSecond(room), clock.millis()))
                .switchIfEmpty(Mono.error(() -> new RefusedException(
                        RefusalCode.TEMPORARILY_UNAVAILABLE, "The waiting room is being restored from its journal"))));
    }

    /** The definition of a room, cached. */
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

    /** Copies the settings from the database to an existing room in Redis. */
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
                                "The settings of this waiting room cannot be read. An operator must set them again"));
    }
}
