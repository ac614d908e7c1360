package dev.onsale.waitingroom;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import dev.onsale.waitingroom.redis.ScriptTime;
import dev.onsale.waitingroom.token.Admission;
import dev.onsale.waitingroom.token.AdmissionTokens;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The door between the waiting room and the counter: an admission token opens it once. */
@Component
class EntryService implements Admissions {

    private static final Logger log = LoggerFactory.getLogger(EntryService.class);
    private static final LuaScript<ScriptReply> CLAIM = RoomScripts.withFunctions("claim-entry");
    private static final LuaScript<ScriptReply> ENTER = RoomScripts.withFunctions("enter");

    /** An attempt that takes longer has died. */
    private static final Duration ATTEMPT_MAX = Duration.ofSeconds(15);

    private static final LuaScript<ScriptReply> IS_ACTIVE = RoomScripts.withFunctions("is-active");

    private final RedisScripts redis;
    private final AdmissionTokens tokens;
    private final EntryStore store;
    private final VisitorService visitors;
    private final Clock clock;

    EntryService(
            RedisScripts redis,
            AdmissionTokens tokens,
            EntryStore store,
            VisitorService visitors,
            @Qualifier(RoomClock.NAME) Clock clock) {
        this.redis = redis;
        this.tokens = tokens;
        this.store = store;
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
        SaleId sale = SaleId.of(saleId);
        RoomKeys keys = new RoomKeys(sale);
        return redis.run(
                        IS_ACTIVE,
                        List.of(keys.room(), keys.active(), keys.entered()),
                        buyer.value(),
                        ScriptTime.of(clock))
                .map(reply -> {
                    // A lost room is not an empty one: who is inside must not hear that they are not.
                    if (reply.number(0) < 0 && visitors.noRoom(sale).code() == RefusalCode.TEMPORARILY_UNAVAILABLE) {
                        throw visitors.noRoom(sale);
                    }
                    return reply.number(0) == 1;
                })
                .toFuture();
    }

    @Override
    public CompletionStage<Void> leave(String saleId, BuyerId buyer) {
        return visitors.leave(SaleId.of(saleId), buyer)
                .onErrorComplete(failure -> failure instanceof RefusedException refused
                        && refused.code() == RefusalCode.WAITING_ROOM_NOT_FOUND)
                .toFuture();
    }

    /**
     * Redis lets one of many go on, and the database says whether the token was used before, whatever Redis remembers: of
     * all who come with one token it takes one.
     */
    private Mono<Instant> consume(SaleId sale, Admission admission) {
        RoomKeys keys = new RoomKeys(sale);
        return redis.run(
                        CLAIM,
                        List.of(keys.room(), keys.active(), keys.admitted(), keys.entered(), keys.used(admission.id())),
                        admission.buyer().value(),
                        admission.id(),
                        ScriptTime.of(clock),
                        Long.toString(ATTEMPT_MAX.toMillis()))
                .flatMap(claimed -> switch (claimed.outcome()) {
                    case "OK" -> use(sale, keys, admission);
                    case "NOT_ADMITTED" -> notAdmitted(sale, admission);
                    default -> Mono.<Instant>error(refusal(sale, claimed.outcome()));
                });
    }

    /** A Redis that was lost knows of no place and of no use; a used token is called used all the same. */
    private Mono<Instant> notAdmitted(SaleId sale, Admission admission) {
        return Mono.fromCallable(() -> store.isUsed(admission))
                .subscribeOn(Schedulers.boundedElastic())
                .timeout(ATTEMPT_MAX.dividedBy(2))
                .onErrorReturn(false)
                .flatMap(used -> Mono.<Instant>error(refusal(sale, used ? "USED" : "NOT_ADMITTED")));
    }

    private Mono<Instant> use(SaleId sale, RoomKeys keys, Admission admission) {
        return Mono.fromCallable(() -> store.use(admission))
                .subscribeOn(Schedulers.boundedElastic())
                .timeout(ATTEMPT_MAX.dividedBy(2))
                .flatMap(fresh -> fresh ? enter(sale, keys, admission) : usedBefore(sale, keys, admission))
                .onErrorResume(failure -> !(failure instanceof RefusedException), failure -> giveBack(keys, admission)
                        .then(Mono.error(() -> {
                            log.warn("An admission token could not be used up: {}", failure.toString());
                            return new RefusedException(
                                    RefusalCode.TEMPORARILY_UNAVAILABLE,
                                    "The admission could not be written down; try again with the same token");
                        })));
    }

    private Mono<Instant> enter(SaleId sale, RoomKeys keys, Admission admission) {
        long now = clock.millis();
        // A used token is remembered until it could not be used anyway, and a little longer for clocks that differ.
        long rememberMillis = Math.max(0, admission.expiresAt().toEpochMilli() - now) + 60_000;
        return redis.run(
                        ENTER,
                        List.of(
                                keys.room(),
                                keys.active(),
                                keys.admitted(),
                                keys.entered(),
                                keys.used(admission.id()),
                                keys.journal(),
                                keys.holds(admission.buyer().value())),
                        admission.buyer().value(),
                        admission.id(),
                        ScriptTime.of(clock),
                        Long.toString(rememberMillis))
                .map(reply -> {
                    if (!reply.outcome().equals("OK")) {
                        throw refusal(sale, reply.outcome());
                    }
                    return Instant.ofEpochMilli(reply.number(1));
                });
    }

    /**
     * A token that the database knows and the room does not: an attempt died on the way, or Redis has gone back in time. Its
     * buyer is inside, and the room is told so; who asks learns it, but the token opens nothing again.
     */
    private Mono<Instant> usedBefore(SaleId sale, RoomKeys keys, Admission admission) {
        RefusedException used = refusal(sale, "USED");
        return enter(sale, keys, admission)
                .onErrorMap(RefusedException.class, known -> used)
                .then(Mono.error(used));
    }

    private Mono<Void> giveBack(RoomKeys keys, Admission admission) {
        return redis.call(commands -> commands.del(keys.used(admission.id()).getBytes(StandardCharsets.UTF_8)))
                .onErrorComplete()
                .then();
    }

    private RefusedException refusal(SaleId sale, String outcome) {
        return switch (outcome) {
            case "USED" ->
                new RefusedException(RefusalCode.ADMISSION_TOKEN_USED, "This admission token was used before");
            case "NOT_ADMITTED" ->
                new RefusedException(RefusalCode.NOT_ADMITTED, "The place of this admission has ended; join again");
            default -> visitors.noRoom(sale);
        };
    }
}
