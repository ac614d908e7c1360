package dev.onsale.waitingroom.intake;

import dev.onsale.api.BuyerId;
import dev.onsale.api.InvalidValueException;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.Topics;
import dev.onsale.waitingroom.intake.QueuedTickets.Begun;
import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.queue.PollSchedule;
import dev.onsale.waitingroom.queue.VisitorAnswer;
import dev.onsale.waitingroom.queue.VisitorService;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.room.RoomDefinition;
import dev.onsale.waitingroom.room.RoomDirectory;
import dev.onsale.waitingroom.room.RoomSettings;
import dev.onsale.waitingroom.room.RoomStatus;
import dev.onsale.waitingroom.task.ServiceAway;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * How joins come in: straight to Redis, or through a topic that keeps them in order while Redis does one after the other. The rules
 * of the room are checked before a join gets into the topic, and again when it is taken from there.
 */
public class Intake {

    static final String TOPIC = Topics.WAITING_ROOM_JOINS;

    private static final Logger log = LoggerFactory.getLogger(Intake.class);
    private static final Pattern TICKET = Pattern.compile("([0-9]{1,5})-([0-9]{1,18})");
    private static final Duration SEND_MAX = Duration.ofSeconds(5);

    private final VisitorService visitors;
    private final RoomDirectory directory;
    private final KafkaTemplate<String, String> kafka;
    private final RedisScripts redis;
    private final IntakeMetrics metrics;
    private final Clock clock;
    private final QueuedTickets tickets = new QueuedTickets();

    Intake(
            VisitorService visitors,
            RoomDirectory directory,
            KafkaTemplate<String, String> kafka,
            RedisScripts redis,
            IntakeMetrics metrics,
            Clock clock) {
        this.visitors = visitors;
        this.directory = directory;
        this.kafka = kafka;
        this.redis = redis;
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
                .switchIfEmpty(Mono.defer(() -> queue(room, buyer, caller)));
    }

    /** A Redis that is away, or a room that is being restored, stops nobody whom the settings of the room let in. */
    private Mono<VisitorAnswer> whileAway(RoomDefinition room, JoinOrigin caller, RefusedException refused) {
        if (!ServiceAway.isCauseOf(refused)) {
            metrics.refused();
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

    /** One join of an account is in the topic at a time: a repeat gets the ticket of the first. */
    private Mono<VisitorAnswer> queue(RoomDefinition room, BuyerId buyer, JoinOrigin caller) {
        QueuedTickets.Join join = new QueuedTickets.Join(room.sale(), room.epoch(), buyer);
        CompletableFuture<String> known = tickets.find(join);
        return known == null
                ? send(join, caller)
                : ticket(known)
                        .flatMap(ticket -> stillQueued(room.sale(), ticket)
                                .onErrorResume(ServiceAway::isCauseOf, away -> Mono.just(queued(0, ticket))))
                        .switchIfEmpty(Mono.defer(() -> {
                            tickets.forget(join, known);
                            return send(join, caller);
                        }));
    }

    private Mono<VisitorAnswer> send(QueuedTickets.Join join, JoinOrigin caller) {
        return Mono.defer(() -> {
                    Begun begun = tickets.begin(join);
                    if (begun.own()) {
                        sendApart(join, caller, begun.ticket());
                    }
                    return ticket(begun.ticket());
                })
                .map(ticket -> queued(0, ticket));
    }

    /**
     * The key keeps one sale in one partition, and so in order. A full buffer blocks for a moment, so on another thread; and not as a
     * part of the request, because others may wait for the ticket of a client that has hung up. The ticket ends in any case.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // The ticket is the future.
    private void sendApart(QueuedTickets.Join join, JoinOrigin caller, CompletableFuture<String> ticket) {
        ticket.orTimeout(SEND_MAX.toMillis(), TimeUnit.MILLISECONDS);
        try {
            Schedulers.boundedElastic().schedule(() -> send(join, caller, ticket));
        } catch (RejectedExecutionException busy) {
            ticket.completeExceptionally(busy);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Its outcome ends the ticket.
    private void send(QueuedTickets.Join join, JoinOrigin caller, CompletableFuture<String> ticket) {
        try {
            String text = new QueuedJoin(join.buyer(), clock.millis(), caller).text();
            kafka.send(TOPIC, join.sale().value(), text).whenComplete((sent, failure) -> {
                if (failure == null) {
                    RecordMetadata place = sent.getRecordMetadata();
                    ticket.complete(place.partition() + "-" + place.offset());
                } else {
                    ticket.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            ticket.completeExceptionally(e);
        }
    }

    private static Mono<String> ticket(CompletableFuture<String> future) {
        return Mono.fromFuture(future, true).timeout(SEND_MAX).onErrorMap(failure -> {
            log.debug("A join was not queued", failure);
            return new RefusedException(
                    RefusalCode.TEMPORARILY_UNAVAILABLE, "The waiting room cannot take you in now; try again");
        });
    }

    /** Where somebody stands who was queued; until the intake has come so far there is no place to tell. */
    Mono<VisitorAnswer> poll(SaleId sale, BuyerId buyer, String ticket) {
        if (!TICKET.matcher(ticket).matches()) {
            throw new InvalidValueException("ticket is what the answer to the join had");
        }
        // What became of an earlier place, or of an earlier join, is no answer to this one.
        return visitors.poll(sale, buyer)
                .flatMap(place -> isOver(place) ? stillQueued(sale, ticket).defaultIfEmpty(place) : Mono.just(place))
                .onErrorResume(
                        RefusedException.class,
                        refused -> ServiceAway.isCauseOf(refused)
                                ? Mono.error(refused)
                                : stillQueued(sale, ticket).switchIfEmpty(Mono.error(refused)));
    }

    private static boolean isOver(VisitorAnswer place) {
        return place.state() == VisitorAnswer.State.LEFT || place.state() == VisitorAnswer.State.EXPIRED;
    }

    private Mono<VisitorAnswer> stillQueued(SaleId sale, String ticket) {
        Matcher form = TICKET.matcher(ticket);
        if (!form.matches()) {
            return Mono.empty();
        }
        byte[] field = IntakeListener.field(Integer.parseInt(form.group(1))).getBytes(StandardCharsets.UTF_8);
        byte[] room = new RoomKeys(sale).room().getBytes(StandardCharsets.UTF_8);
        long offset = Long.parseLong(form.group(2));
        byte[] restored = "restoredAt".getBytes(StandardCharsets.UTF_8);
        return redis.call(commands -> commands.hmget(room, field, restored)).mapNotNull(values -> {
            // A room built anew does not know how far the intake had come: who is not in it has to join again.
            if (!values.get(0).hasValue() && values.get(1).hasValue()) {
                return null;
            }
            long done = values.get(0)
                    .map(value -> Long.parseLong(new String(value, StandardCharsets.UTF_8)))
                    .getValueOrElse(0L);
            return done > offset ? null : queued(offset - done, ticket);
        });
    }

    private static VisitorAnswer queued(long ahead, String ticket) {
        return VisitorAnswer.queued(
                ahead, PollSchedule.millis(1, ThreadLocalRandom.current().nextDouble()), ticket);
    }
}
