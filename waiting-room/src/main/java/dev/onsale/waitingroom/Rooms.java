package dev.onsale.waitingroom;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.Reply;
import dev.onsale.waitingroom.redis.Script;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Which sales have a room, and with which settings. */
@Component
class Rooms {

    private static final Script OPEN = Script.load("open-room");
    private static final Script SET_STATE = Script.load("set-state");
    private static final Script STATUS = Script.load("room-status");

    private final RedisScripts redis;
    private final Clock clock;

    Rooms(RedisScripts redis, Clock clock) {
        this.redis = redis;
        this.clock = clock;
    }

    /** Opens the room or changes its settings; true if it is new. */
    Mono<Boolean> open(SaleId sale, RoomSettings settings) {
        return open(sale, settings, "change");
    }

    /** Opens the room unless it is there; an operator's later changes survive a restart. */
    Mono<Boolean> openIfAbsent(SaleId sale, RoomSettings settings) {
        return open(sale, settings, "keep");
    }

    Mono<RoomStatus> setState(SaleId sale, RoomStatus.State state) {
        return redis.run(SET_STATE, List.of(new RoomKeys(sale).room()), state.name())
                .flatMap(reply -> "NO_ROOM".equals(reply.outcome()) ? Mono.error(notFound(sale)) : status(sale));
    }

    Mono<RoomStatus> status(SaleId sale) {
        RoomKeys keys = new RoomKeys(sale);
        return redis.run(
                        STATUS,
                        List.of(keys.room(), keys.queue(), keys.active(), keys.entered()),
                        Long.toString(clock.millis()))
                .map(reply -> {
                    if ("NO_ROOM".equals(reply.outcome())) {
                        throw notFound(sale);
                    }
                    return status(sale, reply);
                });
    }

    Mono<List<SaleId>> all() {
        return redis.call(commands -> commands.smembers(RoomKeys.ROOMS.getBytes(StandardCharsets.UTF_8)))
                .map(sales -> sales.stream()
                        .map(sale -> SaleId.of(new String(sale, StandardCharsets.UTF_8)))
                        .toList());
    }

    static RefusedException notFound(SaleId sale) {
        return new RefusedException(RefusalCode.WAITING_ROOM_NOT_FOUND, "There is no waiting room for sale " + sale);
    }

    private Mono<Boolean> open(SaleId sale, RoomSettings settings, String ifPresent) {
        // Listed first: a room that is listed and not there is skipped, one that is there and not listed never admits.
        return redis.call(commands -> commands.sadd(
                        RoomKeys.ROOMS.getBytes(StandardCharsets.UTF_8),
                        sale.value().getBytes(StandardCharsets.UTF_8)))
                .then(redis.run(
                        OPEN,
                        List.of(new RoomKeys(sale).room()),
                        String.valueOf(settings.activeLimit()),
                        String.valueOf(settings.admitPerSecond()),
                        settings.activeSeconds() + "000",
                        settings.tokenSeconds() + "000",
                        ifPresent))
                .map(reply -> "OPENED".equals(reply.outcome()));
    }

    private static RoomStatus status(SaleId sale, Reply reply) {
        return new RoomStatus(
                sale.value(),
                RoomStatus.State.valueOf(reply.text(1)),
                reply.number(7),
                reply.number(8),
                reply.number(9),
                reply.number(6),
                (int) reply.number(2),
                (int) reply.number(3),
                (int) (reply.number(4) / 1_000),
                (int) (reply.number(5) / 1_000));
    }
}
