package dev.onsale.waitingroom;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.Script;
import dev.onsale.waitingroom.token.Admission;
import dev.onsale.waitingroom.token.AdmissionTokens;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The door between the waiting room and the counter: an admission token opens it once. */
@Component
class Entries implements Admissions {

    private static final Script ENTER = Script.load("enter");
    private static final Script IS_ACTIVE = Script.load("is-active");

    private final RedisScripts redis;
    private final AdmissionTokens tokens;
    private final Visitors visitors;
    private final Clock clock;

    Entries(RedisScripts redis, AdmissionTokens tokens, Visitors visitors, Clock clock) {
        this.redis = redis;
        this.tokens = tokens;
        this.visitors = visitors;
        this.clock = clock;
    }

    /** Consumes the token; the answer is the end of the place. */
    Mono<Instant> enter(SaleId sale, BuyerId buyer, String admissionToken) {
        return Mono.fromCallable(() -> tokens.verify(admissionToken, sale.value(), buyer))
                // Checking a signature is long work for a thread that carries thousands of connections.
                .subscribeOn(Schedulers.parallel())
                .flatMap(admission -> consume(sale, admission));
    }

    @Override
    public CompletionStage<Boolean> isActive(String saleId, BuyerId buyer) {
        RoomKeys keys = new RoomKeys(SaleId.of(saleId));
        return redis.run(
                        IS_ACTIVE, List.of(keys.active(), keys.entered()), buyer.value(), Long.toString(clock.millis()))
                .map(reply -> reply.number(0) == 1)
                .toFuture();
    }

    @Override
    public CompletionStage<Void> leave(String saleId, BuyerId buyer) {
        return visitors.leave(SaleId.of(saleId), buyer)
                .onErrorComplete(failure -> failure instanceof RefusedException refused
                        && refused.code() == RefusalCode.WAITING_ROOM_NOT_FOUND)
                .toFuture();
    }

    private Mono<Instant> consume(SaleId sale, Admission admission) {
        RoomKeys keys = new RoomKeys(sale);
        long now = clock.millis();
        // A used token is remembered until it could not be used anyway, and a little longer for clocks that differ.
        long rememberMillis = Math.max(0, admission.expiresAt().toEpochMilli() - now) + 60_000;
        return redis.run(
                        ENTER,
                        List.of(keys.room(), keys.active(), keys.admitted(), keys.entered(), keys.used(admission.id())),
                        admission.buyer().value(),
                        admission.id(),
                        Long.toString(now),
                        Long.toString(rememberMillis))
                .map(reply -> switch (reply.outcome()) {
                    case "OK" -> Instant.ofEpochMilli(reply.number(1));
                    case "USED" ->
                        throw new RefusedException(
                                RefusalCode.ADMISSION_TOKEN_USED, "This admission token was used before");
                    case "NOT_ADMITTED" ->
                        throw new RefusedException(
                                RefusalCode.NOT_ADMITTED, "The place of this admission has ended; join again");
                    default -> throw Rooms.notFound(sale);
                });
    }
}
