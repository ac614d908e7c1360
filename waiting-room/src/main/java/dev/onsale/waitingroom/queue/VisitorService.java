package dev.onsale.waitingroom.queue;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.challenge.Challenges;
import dev.onsale.waitingroom.key.RoomClock;
import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import dev.onsale.waitingroom.redis.ScriptTime;
import dev.onsale.waitingroom.room.RoomState;
import dev.onsale.waitingroom.room.RoomStateCache;
import dev.onsale.waitingroom.room.WaitingRoomProperties;
import dev.onsale.waitingroom.token.AdmissionTokens;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Operations of visitors: join, poll, leave. */
@Component
public class VisitorService implements VisitorStatus {

    private static final LuaScript<ScriptReply> JOIN = RoomScripts.withFunctions("join");
    private static final LuaScript<ScriptReply> VISIT = RoomScripts.withFunctions("visit");
    private static final LuaScript<ScriptReply> LEAVE = RoomScripts.withFunctions("leave");

    private final RedisScripts redis;
    private final RoomStateCache watch;
    private final Heartbeats heartbeats;
    private final VisitorAnswers answers;
    private final WaitingRoomProperties properties;
    private final Clock clock;

    public VisitorService(
            RedisScripts redis,
            RoomStateCache watch,
            Heartbeats heartbeats,
            AdmissionTokens tokens,
            WaitingRoomProperties properties,
            @Qualifier(RoomClock.NAME) Clock clock) {
        this.redis = redis;
        this.watch = watch;
        this.heartbeats = heartbeats;
        this.answers = new VisitorAnswers(watch, tokens, clock);
        this.properties = properties;
        this.clock = clock;
    }

    /** Joins at the end of the queue; a buyer who has a place keeps it. */
    public Mono<VisitorAnswer> join(SaleId sale, BuyerId buyer, JoinOrigin caller) {
        return runJoin(sale, buyer, caller, "join").flatMap(reply -> answers.of(sale, buyer, reply));
    }

    /**
     * Checks a join without giving a place: returns the place that the buyer has, refuses, or is empty if the buyer may
     * join. The limit per network address counts only joins that get a place.
     */
    public Mono<VisitorAnswer> check(SaleId sale, BuyerId buyer, JoinOrigin caller) {
        return runJoin(sale, buyer, caller, "check")
                .flatMap(reply -> reply.outcome().equals("MAY_JOIN") ? Mono.empty() : answers.of(sale, buyer, reply));
    }

    private Mono<ScriptReply> runJoin(SaleId sale, BuyerId buyer, JoinOrigin caller, String mode) {
        RoomKeys keys = new RoomKeys(sale);
        String address = caller.address();
        String work = caller.work();
        return redis.run(
                JOIN,
                keys.of(
                        "room sequence queue seen active admitted entered journal gone:",
                        "address:" + (address == null ? "none" : address),
                        "work:" + (work == null ? "none" : work),
                        "refusals"),
                buyer.value(),
                ScriptTime.of(clock),
                Integer.toString(properties.waitingMax()),
                Integer.toString(properties.journalBacklogMax()),
                address == null ? "0" : "1",
                work == null ? "0" : Long.toString(Challenges.LIFETIME.toMillis() * 2),
                mode);
    }

    /** Connects to Redis and loads the script of a join. */
    public Mono<Void> prepareJoins() {
        return redis.call(commands -> commands.scriptLoad(JOIN.source())).then();
    }

    /** The state of the buyer. Also a sign of life. */
    public Mono<VisitorAnswer> poll(SaleId sale, BuyerId buyer) {
        RoomState room = watch.recent(sale);
        // Two plain commands for the many waiting visitors; the script is for all others.
        return room == null
                ? visit(sale, buyer)
                : rankAndNumber(sale, buyer)
                        .flatMap(place -> {
                            long now = clock.millis();
                            return heartbeats
                                    .sign(sale, place.number(), now)
                                    .thenReturn(answers.waiting(place.ahead() + 1, room.waiting(), room, now));
                        })
                        .switchIfEmpty(Mono.defer(() -> visit(sale, buyer)));
    }

    @Override
    public Mono<Long> position(String saleId, BuyerId buyer) {
        return poll(SaleId.of(saleId), buyer).map(VisitorAnswer::position);
    }

    /** Leaves the queue or the sale. May be repeated. */
    public Mono<Void> leave(SaleId sale, BuyerId buyer) {
        RoomKeys keys = new RoomKeys(sale);
        return redis.run(
                        LEAVE,
                        keys.of("room queue active admitted entered journal gone:"),
                        buyer.value(),
                        ScriptTime.of(clock),
                        "LEFT")
                .flatMap(reply -> "NO_ROOM".equals(reply.outcome()) ? Mono.error(watch.noRoom(sale)) : Mono.empty());
    }

    /** Stores the refusal of a join that came through Kafka. */
    public Mono<Void> refused(SaleId sale, BuyerId buyer, RefusedException refused) {
        byte[] gone = (new RoomKeys(sale).gone() + buyer).getBytes(StandardCharsets.UTF_8);
        byte[] reason = DeferredRefusal.text(refused, clock.millis()).getBytes(StandardCharsets.UTF_8);
        return redis.call(commands -> commands.psetex(gone, DeferredRefusal.REMEMBERED.toMillis(), reason))
                .then();
    }

    private record Rank(long ahead, long number) {}

    private Mono<Rank> rankAndNumber(SaleId sale, BuyerId buyer) {
        byte[] queue = new RoomKeys(sale).queue().getBytes(StandardCharsets.UTF_8);
        byte[] member = buyer.value().getBytes(StandardCharsets.UTF_8);
        return redis.pair(commands -> commands.zrank(queue, member), commands -> commands.zscore(queue, member))
                .map(pair -> new Rank(pair.first(), pair.second().longValue()));
    }

    private Mono<VisitorAnswer> visit(SaleId sale, BuyerId buyer) {
        RoomKeys keys = new RoomKeys(sale);
        return redis.run(
                        VISIT,
                        keys.of("room queue seen active admitted entered journal gone:"),
                        buyer.value(),
                        ScriptTime.of(clock))
                .flatMap(reply -> answers.of(sale, buyer, reply));
    }
}
