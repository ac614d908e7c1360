package dev.onsale.waitingroom.intake;

import dev.onsale.api.BuyerId;
import dev.onsale.api.RefusedException;
import dev.onsale.api.Topics;
import dev.onsale.waitingroom.key.RoomClock;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.queue.VisitorAnswer;
import dev.onsale.waitingroom.queue.VisitorService;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.room.RoomDefinition;
import dev.onsale.waitingroom.room.RoomDirectory;
import dev.onsale.waitingroom.room.RoomSettings;
import dev.onsale.waitingroom.room.RoomStatus;
import dev.onsale.waitingroom.task.ServiceAway;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Routes joins: directly to Redis, or through a topic that keeps them in order and limits the load. The rules of the
 * room are checked before a join is sent to the topic and when it is read.
 */
@Component
public class Intake {

    static final String TOPIC = Topics.WAITING_ROOM_JOINS;

    private final VisitorService visitors;
    private final RoomDirectory directory;
    private final JoinQueue queue;
    private final IntakeMetrics metrics;
    private final Clock clock;

    Intake(
            VisitorService visitors,
            RoomDirectory directory,
            KafkaConfiguration.WaitingRoomProducers producers,
            RedisScripts redis,
            IntakeMetrics metrics,
            @Qualifier(RoomClock.NAME) Clock clock) {
        this.visitors = visitors;
        this.directory = directory;
        this.queue = new JoinQueue(producers.template(), redis, clock);
        this.metrics = metrics;
        this.clock = clock;
    }

    public Mono<VisitorAnswer> join(SaleId sale, BuyerId buyer, JoinOrigin caller) {
        RoomDefinition room = directory.find(sale);
        if (room == null || room.settings().intake() != RoomSettings.Intake.KAFKA) {
            return visitors.join(sale, buyer, caller);
        }
        return visitors.check(sale, buyer, caller)
                .onErrorResume(RefusedException.class, refused -> whileAway(room, caller, refused))
                .switchIfEmpty(Mono.defer(() -> queue.add(room, buyer, caller)));
    }

    /** If Redis is unavailable or the room is being restored, the settings of the room decide. */
    private Mono<VisitorAnswer> whileAway(RoomDefinition room, JoinOrigin caller, RefusedException refused) {
        if (!ServiceAway.isCauseOf(refused)) {
            metrics.refused.increment();
        } else if (takesJoins(room, caller)) {
            return Mono.empty();
        }
        return Mono.error(refused);
    }

    private boolean takesJoins(RoomDefinition room, JoinOrigin caller) {
        RoomSettings settings = room.settings();
        long now = clock.millis();
        long closesAt = RoomSettings.millis(settings.closesAt());
        return now >= RoomSettings.millis(settings.preQueueOpensAt())
                && (closesAt == 0 || now < closesAt)
                && room.control() != RoomStatus.Control.DRAINING
                && (RoomSettings.set(settings.proofOfWork()) == 0 || caller.work() != null);
    }

    /** State of a visitor whose join was sent to the topic. Until the join is read there is no position. */
    Mono<VisitorAnswer> poll(SaleId sale, BuyerId buyer, String ticket) {
        JoinQueue.requireTicket(ticket);
        // The end of an earlier place does not answer this join.
        return visitors.poll(sale, buyer)
                .flatMap(place -> isOver(place) ? queue.find(sale, ticket).defaultIfEmpty(place) : Mono.just(place))
                .onErrorResume(
                        RefusedException.class,
                        refused -> ServiceAway.isCauseOf(refused)
                                ? Mono.error(refused)
                                : queue.find(sale, ticket).switchIfEmpty(Mono.error(refused)));
    }

    private static boolean isOver(VisitorAnswer place) {
        return place.state() == VisitorAnswer.State.LEFT || place.state() == VisitorAnswer.State.EXPIRED;
    }
}
