package dev.onsale.waitingroom.admission;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ReservationId;
import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.key.RoomClock;
import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import dev.onsale.waitingroom.redis.ScriptTime;
import dev.onsale.waitingroom.room.RoomDirectory;
import dev.onsale.waitingroom.room.RoomStateCache;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Open reservations of buyers inside. A place lasts at least until the last hold of its buyer ends. The end of the last
 * open reservation frees it. Operations may be repeated and reordered. Times are relative, because callers use the
 * clock of the database and the room uses that of Redis.
 */
@Component
public class OpenHolds implements OpenReservations {

    private static final LuaScript<ScriptReply> HOLD = RoomScripts.withFunctions("hold");
    private static final LuaScript<ScriptReply> END = RoomScripts.withFunctions("end-hold");

    private final RedisScripts redis;
    private final RoomStateCache watch;
    private final Clock clock;

    public OpenHolds(RedisScripts redis, RoomStateCache watch, @Qualifier(RoomClock.NAME) Clock clock) {
        this.redis = redis;
        this.watch = watch;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Void> held(String saleId, BuyerId buyer, ReservationId reservation, Duration remaining) {
        return held(SaleId.of(saleId), buyer, reservation, remaining)
                .onErrorComplete(RoomDirectory::isNotFound)
                .toFuture();
    }

    public Mono<Void> held(SaleId sale, BuyerId buyer, ReservationId reservation, Duration remaining) {
        RoomKeys keys = new RoomKeys(sale);
        long millis = Math.max(0, remaining.toMillis());
        return redis.run(
                        HOLD,
                        List.of(keys.room(), keys.active(), keys.journal(), keys.holds(buyer.value())),
                        buyer.value(),
                        reservation.toString(),
                        Long.toString(millis),
                        ScriptTime.of(clock),
                        Long.toString(millis + RoomKeys.HOLDS_KEPT.toMillis()))
                .flatMap(reply -> done(sale, reply));
    }

    /**
     * @param age time since the reservation ended
     */
    public Mono<Void> ended(SaleId sale, BuyerId buyer, ReservationId reservation, Duration age) {
        RoomKeys keys = new RoomKeys(sale);
        return redis.run(
                        END,
                        keys.of("room active admitted entered journal gone:", "holds:" + buyer.value()),
                        buyer.value(),
                        reservation.toString(),
                        ScriptTime.of(clock),
                        Long.toString(Math.max(0, age.toMillis())),
                        Long.toString(RoomKeys.HOLDS_KEPT.toMillis()))
                .flatMap(reply -> done(sale, reply));
    }

    private Mono<Void> done(SaleId sale, ScriptReply reply) {
        return "NO_ROOM".equals(reply.outcome()) ? Mono.error(watch.noRoom(sale)) : Mono.empty();
    }
}
