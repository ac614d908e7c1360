package dev.onsale.waitingroom.admission;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.key.RoomClock;
import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.queue.VisitorService;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import dev.onsale.waitingroom.redis.ScriptTime;
import dev.onsale.waitingroom.room.RoomDirectory;
import dev.onsale.waitingroom.room.RoomStateCache;
import dev.onsale.waitingroom.token.Admission;
import dev.onsale.waitingroom.token.AdmissionTokens;
import dev.onsale.waitingroom.token.EntryStore;
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

/** Exchanges an admission token for a place in the sale. A token works once. */
@Component
public class EntryService implements Admissions {

    private static final Logger log = LoggerFactory.getLogger(EntryService.class);
    private static final LuaScript<ScriptReply> CLAIM = RoomScripts.withFunctions("claim-entry");
    private static final LuaScript<ScriptReply> ENTER = RoomScripts.withFunctions("enter");

    /** Claim of one attempt to enter; a longer attempt counts as dead. */
    private static final Duration ATTEMPT_MAX = Duration.ofSeconds(15);

    private static final LuaScript<ScriptReply> IS_ACTIVE = RoomScripts.withFunctions("is-active");

    private final RedisScripts redis;
    private final AdmissionTokens tokens;
    private final EntryStore store;
    private final VisitorService visitors;
    private final RoomStateCache watch;
    private final Clock clock;

    public EntryService(
            RedisScripts redis,
            AdmissionTokens tokens,
            EntryStore store,
            VisitorService visitors,
            RoomStateCache watch,
            @Qualifier(RoomClock.NAME) Clock clock) {
        this.redis = redis;
        this.tokens = tokens;
        this.store = store;
        this.visitors = visitors;
        this.watch = watch;
        this.clock = clock;
    }

    /** Uses the token and returns the end of the place. */
    public Mono<Instant> enter(SaleId sale, BuyerId buyer, String admissionToken) {
        return Mono.fromCallable(() -> tokens.verify(admissionToken, sale.value(), buyer))
                // Verifying a signature takes too long for an event loop.
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
                    // While a lost room is being restored, it is not known who is inside.
                    if (reply.number(0) < 0 && watch.noRoom(sale).code() == RefusalCode.TEMPORARILY_UNAVAILABLE) {
                        throw watch.noRoom(sale);
                    }
                    return reply.number(0) == 1;
                })
                .toFuture();
    }

    @Override
    public CompletionStage<Void> leave(String saleId, BuyerId buyer) {
        return visitors.leave(SaleId.of(saleId), buyer)
                .onErrorComplete(RoomDirectory::isNotFound)
                .toFuture();
    }

    /**
     * Redis claims the token for one attempt. The database decides whether it was used before, so one of many
     * concurrent attempts succeeds even if Redis lost its data.
     */
    private Mono<Instant> consume(SaleId sale, Admission admission) {
        RoomKeys keys = new RoomKeys(sale);
        return redis.run(
                        CLAIM,
                        keys.of("room active admitted entered", "used:" + admission.id()),
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

    /** Redis may have lost the place and the use of the token, so the database decides which refusal is right. */
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
                            log.warn("Could not record the use of an admission token: {}", failure.toString());
                            return new RefusedException(
                                    RefusalCode.TEMPORARILY_UNAVAILABLE,
                                    "The entry could not be recorded. Try again with the same token");
                        })));
    }

    private Mono<Instant> enter(SaleId sale, RoomKeys keys, Admission admission) {
        long now = clock.millis();
        // Kept until the token expires, and a minute longer for clock differences.
        long rememberMillis = Math.max(0, admission.expiresAt().toEpochMilli() - now) + 60_000;
        return redis.run(
                        ENTER,
                        keys.of(
                                "room active admitted entered",
                                "used:" + admission.id(),
                                "journal",
                                "holds:" + admission.buyer().value()),
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
     * The database has the token, but the room has no entry: an earlier attempt died, or Redis lost data. Completes the
     * entry of the buyer; this request is still refused.
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
                new RefusedException(
                        RefusalCode.NOT_ADMITTED, "The place of this admission has ended. Join the queue again");
            default -> watch.noRoom(sale);
        };
    }
}
