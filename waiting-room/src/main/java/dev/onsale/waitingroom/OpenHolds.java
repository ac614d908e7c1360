package dev.onsale.waitingroom;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.ReservationId;
import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import dev.onsale.waitingroom.redis.ScriptTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The open reservations of who is inside. A place lasts at least until the last hold of its buyer ends, and only the end of
 * the last open reservation frees it. Both operations may be repeated and may come in any order. Times are durations from now, because
 * the callers decide by the database's clock and the room by that of Redis.
 */
@Component
class OpenHolds implements OpenReservations {

    private static final LuaScript<ScriptReply> HOLD = RoomScripts.withFunctions("hold");
    private static final LuaScript<ScriptReply> END = RoomScripts.withFunctions("end-hold");

    /** For how long a reservation is remembered after its hold, so that a repeated fact does not open it again. */
    static final Duration REMEMBERED = Duration.ofDays(1);

    private final RedisScripts redis;
    private final VisitorService visitors;
    private final Clock clock;

    OpenHolds(RedisScripts redis, VisitorService visitors, @Qualifier(RoomClock.NAME) Clock clock) {
        this.redis = redis;
        this.visitors = visitors;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Void> held(String saleId, BuyerId buyer, ReservationId reservation, Duration remaining) {
        return held(SaleId.of(saleId), buyer, reservation, remaining)
                .onErrorComplete(failure -> failure instanceof RefusedException refused
                        && refused.code() == RefusalCode.WAITING_ROOM_NOT_FOUND)
                .toFuture();
    }

    Mono<Void> held(SaleId sale, BuyerId buyer, ReservationId reservation, Duration remaining) {
        RoomKeys keys = new RoomKeys(sale);
        long millis = Math.max(0, remaining.toMillis());
        return redis.run(
                        HOLD,
                        List.of(keys.room(), keys.active(), keys.journal(), keys.holds(buyer.value())),
                        buyer.value(),
                        reservation.toString(),
                        Long.toString(millis),
                        ScriptTime.of(clock),
                        Long.toString(millis + REMEMBERED.toMillis()))
                .flatMap(reply -> done(sale, reply));
    }

    /**
     * @param age time since the reservation ended
     */
    Mono<Void> ended(SaleId sale, BuyerId buyer, ReservationId reservation, Duration age) {
        RoomKeys keys = new RoomKeys(sale);
        return redis.run(
                        END,
                        List.of(
                                keys.room(),
                                keys.active(),
                                keys.admitted(),
                                keys.entered(),
                                keys.journal(),
                                keys.gone(),
                                keys.holds(buyer.value())),
                        buyer.value(),
                        reservation.toString(),
                        ScriptTime.of(clock),
                        Long.toString(Math.max(0, age.toMillis())),
                        Long.toString(REMEMBERED.toMillis()))
                .flatMap(reply -> done(sale, reply));
    }

    private Mono<Void> done(SaleId sale, ScriptReply reply) {
        return "NO_ROOM".equals(reply.outcome()) ? Mono.error(visitors.noRoom(sale)) : Mono.empty();
    }
}
