package dev.onsale.waitingroom;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.RoomStateCache.Sight;
import dev.onsale.waitingroom.RoomStatus.Phase;
import dev.onsale.waitingroom.challenge.Challenges;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import dev.onsale.waitingroom.redis.ScriptTime;
import dev.onsale.waitingroom.token.Admission;
import dev.onsale.waitingroom.token.AdmissionTokens;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The queue as its visitors meet it: join, ask, leave. */
@Component
class VisitorService implements VisitorStatus {

    private static final LuaScript<ScriptReply> JOIN = RoomScripts.withFunctions("join");
    private static final LuaScript<ScriptReply> VISIT = RoomScripts.withFunctions("visit");
    private static final LuaScript<ScriptReply> LEAVE = RoomScripts.withFunctions("leave");

    private final RedisScripts redis;
    private final RoomStateCache watch;
    private final RoomDirectory directory;
    private final Heartbeats heartbeats;
    private final AdmissionTokens tokens;
    private final WaitingRoomProperties properties;
    private final Clock clock;

    VisitorService(
            RedisScripts redis,
            RoomStateCache watch,
            RoomDirectory directory,
            Heartbeats heartbeats,
            AdmissionTokens tokens,
            WaitingRoomProperties properties,
            @Qualifier(RoomClock.NAME) Clock clock) {
        this.redis = redis;
        this.watch = watch;
        this.directory = directory;
        this.heartbeats = heartbeats;
        this.tokens = tokens;
        this.properties = properties;
        this.clock = clock;
    }

    /** Takes a place at the end, or keeps the one that the buyer has. */
    Mono<VisitorAnswer> join(SaleId sale, BuyerId buyer, JoinOrigin caller) {
        return runJoin(sale, buyer, caller, "join").flatMap(reply -> answer(sale, buyer, reply));
    }

    /**
     * The rules of a join before it gets in line for a place: the place that the buyer has already, the refusal, or nothing if a
     * place would be given now. Joins by address are counted when the place is given.
     */
    Mono<VisitorAnswer> check(SaleId sale, BuyerId buyer, JoinOrigin caller) {
        return runJoin(sale, buyer, caller, "check")
                .flatMap(reply -> reply.outcome().equals("MAY_JOIN") ? Mono.empty() : answer(sale, buyer, reply));
    }

    private Mono<ScriptReply> runJoin(SaleId sale, BuyerId buyer, JoinOrigin caller, String mode) {
        RoomKeys keys = new RoomKeys(sale);
        String address = caller.address();
        String work = caller.work();
        return redis.run(
                JOIN,
                List.of(
                        keys.room(),
                        keys.sequence(),
                        keys.queue(),
                        keys.seen(),
                        keys.active(),
                        keys.admitted(),
                        keys.entered(),
                        keys.journal(),
                        keys.gone(),
                        keys.address(address == null ? "none" : address),
                        keys.work(work == null ? "none" : work),
                        keys.refusals()),
                buyer.value(),
                ScriptTime.of(clock),
                Integer.toString(properties.waitingMax()),
                Integer.toString(properties.journalBacklogMax()),
                address == null ? "0" : "1",
                work == null ? "0" : Long.toString(Challenges.LIFETIME.toMillis() * 2),
                mode);
    }

    /** Has Redis know the script of a join, and the connection made. */
    Mono<Void> prepareJoins() {
        return redis.call(commands -> commands.scriptLoad(JOIN.source())).then();
    }

    /** Where the buyer stands; also a sign of life. */
    Mono<VisitorAnswer> poll(SaleId sale, BuyerId buyer) {
        Sight room = watch.recent(sale);
        // Two plain commands for those who wait, and they are many; the script is for all others.
        return room == null
                ? visit(sale, buyer)
                : rankAndNumber(sale, buyer)
                        .flatMap(place -> {
                            long now = clock.millis();
                            return heartbeats
                                    .sign(sale, place.number(), now)
                                    .thenReturn(waiting(place.ahead() + 1, room.waiting(), room, now));
                        })
                        .switchIfEmpty(Mono.defer(() -> visit(sale, buyer)));
    }

    @Override
    public Mono<Long> position(String saleId, BuyerId buyer) {
        return poll(SaleId.of(saleId), buyer).map(VisitorAnswer::position);
    }

    /** Gives up the place in the queue or at the counter; to leave twice is no error. */
    Mono<Void> leave(SaleId sale, BuyerId buyer) {
        RoomKeys keys = new RoomKeys(sale);
        return redis.run(
                        LEAVE,
                        List.of(
                                keys.room(),
                                keys.queue(),
                                keys.active(),
                                keys.admitted(),
                                keys.entered(),
                                keys.journal(),
                                keys.gone()),
                        buyer.value(),
                        ScriptTime.of(clock),
                        "LEFT")
                .flatMap(reply -> "NO_ROOM".equals(reply.outcome()) ? Mono.error(noRoom(sale)) : Mono.empty());
    }

    /** Remembers for a while why a join that was taken in got no place. */
    Mono<Void> refused(SaleId sale, BuyerId buyer, RefusedException refused) {
        byte[] gone = (new RoomKeys(sale).gone() + buyer).getBytes(StandardCharsets.UTF_8);
        byte[] reason = DeferredRefusal.text(refused, clock.millis()).getBytes(StandardCharsets.UTF_8);
        return redis.call(commands -> commands.psetex(gone, DeferredRefusal.REMEMBERED.toMillis(), reason))
                .then();
    }

    /** The room is not in Redis: either there is none, or it was lost and is being built. */
    RefusedException noRoom(SaleId sale) {
        watch.forget(sale);
        return directory.find(sale) == null
                ? Rooms.notFound(sale)
                : new RefusedException(
                        RefusalCode.TEMPORARILY_UNAVAILABLE,
                        "The waiting room was lost and is being restored from its journal; your place is kept if you"
                                + " joined before the last moment, ask again shortly");
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
                        List.of(
                                keys.room(),
                                keys.queue(),
                                keys.seen(),
                                keys.active(),
                                keys.admitted(),
                                keys.entered(),
                                keys.journal(),
                                keys.gone()),
                        buyer.value(),
                        ScriptTime.of(clock))
                .flatMap(reply -> answer(sale, buyer, reply));
    }

    private Mono<VisitorAnswer> answer(SaleId sale, BuyerId buyer, ScriptReply reply) {
        return switch (reply.outcome()) {
            case "WAITING" ->
                watch.recentOrNow(sale)
                        .map(room -> waiting(
                                reply.number(2), reply.number(1), room, Phase.valueOf(reply.text(3)), clock.millis()))
                        .switchIfEmpty(Mono.error(() -> noRoom(sale)));
            // Signing takes a hundred times longer than a poll and must not hold up the connection's thread.
            case "ADMITTED" ->
                Mono.fromCallable(() -> VisitorAnswer.admitted(
                                reply.number(1),
                                reply.number(3) == 1,
                                tokens.sign(admission(sale, buyer, reply.text(2)))))
                        .subscribeOn(Schedulers.parallel());
            case "GONE" -> {
                RefusedException refused = DeferredRefusal.of(reply.text(1), clock.millis());
                if (refused != null) {
                    yield Mono.error(refused);
                }
                List<String> gone = List.of(reply.text(1).split(" "));
                yield Mono.just(VisitorAnswer.gone(VisitorAnswer.State.valueOf(gone.get(0)), gone.get(1)));
            }
            case "NO_VISITOR" -> Mono.error(JoinRefusals.noVisitor(reply.number(1), reply.number(2)));
            case "NO_ROOM" -> Mono.error(noRoom(sale));
            default -> Mono.error(JoinRefusals.of(reply.outcome(), reply.number(1)));
        };
    }

    private VisitorAnswer waiting(long position, long total, Sight room, long now) {
        return waiting(position, total, room, room.phase(), now);
    }

    private static VisitorAnswer waiting(long position, long total, Sight room, Phase phase, long now) {
        double random = ThreadLocalRandom.current().nextDouble();
        if (phase == Phase.PRE_QUEUE || phase == Phase.SHUFFLING) {
            long millis = PollSchedule.millisBeforeOpening(room.opensAt() - now, total, random);
            return VisitorAnswer.beforeOpening(total, millis, Instant.ofEpochMilli(room.opensAt()));
        }
        return VisitorAnswer.waiting(
                position,
                Math.max(total, position),
                PollSchedule.millis(position, random),
                WaitEstimate.of(position, room),
                room.control() == RoomStatus.Control.PAUSED,
                room.restoredAt() == 0 ? null : Instant.ofEpochMilli(room.restoredAt()));
    }

    private static Admission admission(SaleId sale, BuyerId buyer, String stored) {
        List<String> parts = List.of(stored.split("\\|"));
        return new Admission(
                parts.get(0),
                sale.value(),
                buyer,
                Instant.ofEpochMilli(Long.parseLong(parts.get(1))),
                Instant.ofEpochMilli(Long.parseLong(parts.get(2))));
    }
}
