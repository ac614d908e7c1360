package dev.onsale.waitingroom;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.Reply;
import dev.onsale.waitingroom.redis.Script;
import dev.onsale.waitingroom.token.Admission;
import dev.onsale.waitingroom.token.AdmissionTokens;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The queue as its visitors meet it: join, ask, leave. */
@Component
class Visitors {

    private static final Script VISIT = Script.load("visit");
    private static final Script LEAVE = Script.load("leave");

    private final RedisScripts redis;
    private final AdmissionTokens tokens;
    private final WaitingRoomProperties properties;
    private final Clock clock;

    Visitors(RedisScripts redis, AdmissionTokens tokens, WaitingRoomProperties properties, Clock clock) {
        this.redis = redis;
        this.tokens = tokens;
        this.properties = properties;
        this.clock = clock;
    }

    /** Takes a place at the end, or keeps the one that the buyer has. */
    Mono<VisitorAnswer> join(SaleId sale, BuyerId buyer) {
        return visit(sale, buyer, "join");
    }

    /** Where the buyer stands; also a sign of life. */
    Mono<VisitorAnswer> poll(SaleId sale, BuyerId buyer) {
        return visit(sale, buyer, "poll");
    }

    /** Gives up the place in the queue or at the counter; to leave twice is no error. */
    Mono<Void> leave(SaleId sale, BuyerId buyer) {
        RoomKeys keys = new RoomKeys(sale);
        return redis.run(
                        LEAVE,
                        List.of(keys.room(), keys.queue(), keys.seen(), keys.active(), keys.admitted(), keys.entered()),
                        buyer.value())
                .flatMap(reply -> "NO_ROOM".equals(reply.outcome()) ? Mono.error(Rooms.notFound(sale)) : Mono.empty());
    }

    private Mono<VisitorAnswer> visit(SaleId sale, BuyerId buyer, String purpose) {
        RoomKeys keys = new RoomKeys(sale);
        return redis.run(
                        VISIT,
                        List.of(
                                keys.room(),
                                keys.sequence(),
                                keys.queue(),
                                keys.seen(),
                                keys.active(),
                                keys.admitted(),
                                keys.entered()),
                        buyer.value(),
                        Long.toString(clock.millis()),
                        purpose,
                        Integer.toString(properties.waitingMax()))
                .flatMap(reply -> answer(sale, buyer, reply));
    }

    private Mono<VisitorAnswer> answer(SaleId sale, BuyerId buyer, Reply reply) {
        return switch (reply.outcome()) {
            case "WAITING" -> Mono.just(VisitorAnswer.waiting(reply.number(2), reply.number(1)));
            // Signing takes a hundred times longer than a poll and must not hold up the connection's thread.
            case "ADMITTED" ->
                Mono.fromCallable(() -> VisitorAnswer.admitted(
                                reply.number(1),
                                reply.number(3) == 1,
                                tokens.sign(admission(sale, buyer, reply.text(2)))))
                        .subscribeOn(Schedulers.parallel());
            case "NO_VISITOR" ->
                Mono.error(new RefusedException(
                        RefusalCode.VISITOR_NOT_FOUND, "You have no place in this waiting room; join to get one"));
            case "FULL" ->
                Mono.error(new RefusedException(
                        RefusalCode.TEMPORARILY_UNAVAILABLE, "The waiting room is full; try again later"));
            default -> Mono.error(Rooms.notFound(sale));
        };
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
