package dev.onsale.waitingroom.queue;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.room.RoomState;
import dev.onsale.waitingroom.room.RoomStateCache;
import dev.onsale.waitingroom.room.RoomStatus;
import dev.onsale.waitingroom.room.RoomStatus.Phase;
import dev.onsale.waitingroom.token.Admission;
import dev.onsale.waitingroom.token.AdmissionTokens;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Converts outcomes of scripts to answers for visitors. */
final class VisitorAnswers {

    private final RoomStateCache watch;
    private final AdmissionTokens tokens;
    private final Clock clock;

    VisitorAnswers(RoomStateCache watch, AdmissionTokens tokens, Clock clock) {
        this.watch = watch;
        this.tokens = tokens;
        this.clock = clock;
    }

    Mono<VisitorAnswer> of(SaleId sale, BuyerId buyer, ScriptReply reply) {
        return switch (reply.outcome()) {
            case "WAITING" ->
                watch.recentOrNow(sale)
                        .map(room -> waiting(
                                reply.number(2), reply.number(1), room, Phase.valueOf(reply.text(3)), clock.millis()));
            case "ADMITTED" ->
                tokenOf(admission(sale, buyer, reply.text(2)))
                        .map(token -> VisitorAnswer.admitted(reply.number(1), reply.number(3) == 1, token));
            case "GONE" -> {
                RefusedException refused = DeferredRefusal.of(reply.text(1), clock.millis());
                if (refused != null) {
                    yield Mono.error(refused);
                }
                List<String> gone = List.of(reply.text(1).split(" "));
                yield Mono.just(VisitorAnswer.gone(VisitorAnswer.State.valueOf(gone.get(0)), gone.get(1)));
            }
            case "NO_VISITOR" -> Mono.error(JoinRefusals.noVisitor(reply.number(1), reply.number(2)));
            case "NO_ROOM" -> Mono.error(watch.noRoom(sale));
            default -> Mono.error(JoinRefusals.of(reply.outcome(), reply.number(1)));
        };
    }

    /** Signing takes a hundred times longer than a poll and must not block the Redis thread. */
    private Mono<String> tokenOf(Admission admission) {
        String known = tokens.signedBefore(admission);
        return known != null
                ? Mono.just(known)
                : Mono.fromCallable(() -> tokens.sign(admission)).subscribeOn(Schedulers.parallel());
    }

    VisitorAnswer waiting(long position, long total, RoomState room, long now) {
        return waiting(position, total, room, room.phase(), now);
    }

    private static VisitorAnswer waiting(long position, long total, RoomState room, Phase phase, long now) {
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
