package dev.onsale.waitingroom.intake;

import dev.onsale.api.BuyerId;
import dev.onsale.api.InvalidValueException;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.waitingroom.intake.QueuedTickets.Begun;
import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.queue.PollSchedule;
import dev.onsale.waitingroom.queue.VisitorAnswer;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.room.RoomDefinition;
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

/** The topic of the joins: sends a join, and finds its position by its ticket. */
final class JoinQueue {

    private static final Logger log = LoggerFactory.getLogger(JoinQueue.class);
    private static final Pattern TICKET = Pattern.compile("([0-9]{1,5})-([0-9]{1,18})");
    private static final Duration SEND_MAX = Duration.ofSeconds(5);

    private final KafkaTemplate<String, String> kafka;
    private final RedisScripts redis;
    private final Clock clock;
    private final QueuedTickets tickets = new QueuedTickets();

    JoinQueue(KafkaTemplate<String, String> kafka, RedisScripts redis, Clock clock) {
        this.kafka = kafka;
        this.redis = redis;
        this.clock = clock;
    }

    /** An account has one join in the topic at a time; a repeat gets the same ticket. */
    Mono<VisitorAnswer> add(RoomDefinition room, BuyerId buyer, JoinOrigin caller) {
        QueuedTickets.Join join = new QueuedTickets.Join(room.sale(), room.epoch(), buyer);
        CompletableFuture<String> known = tickets.find(join);
        return known == null
                ? send(join, caller)
                : ticket(known)
                        .flatMap(ticket -> find(room.sale(), ticket)
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
     * The record key keeps one sale in one partition, and so in order. Sent on another thread, because a full buffer
     * blocks, and not as part of the request, because others may wait for the same ticket. The ticket always completes.
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
            kafka.send(Intake.TOPIC, join.sale().value(), text).whenComplete((sent, failure) -> {
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
            log.debug("Could not send a join to the topic", failure);
            return new RefusedException(
                    RefusalCode.TEMPORARILY_UNAVAILABLE, "The waiting room cannot accept joins now. Try again");
        });
    }

    static void requireTicket(String ticket) {
        if (!TICKET.matcher(ticket).matches()) {
            throw new InvalidValueException("ticket must be the ticket of the answer to the join");
        }
    }

    /** The answer for a join that is still in the topic; empty if it was read or its ticket is unknown. */
    Mono<VisitorAnswer> find(SaleId sale, String ticket) {
        Matcher form = TICKET.matcher(ticket);
        if (!form.matches()) {
            return Mono.empty();
        }
        byte[] field = IntakeListener.field(Integer.parseInt(form.group(1))).getBytes(StandardCharsets.UTF_8);
        byte[] room = new RoomKeys(sale).room().getBytes(StandardCharsets.UTF_8);
        long offset = Long.parseLong(form.group(2));
        byte[] restored = "restoredAt".getBytes(StandardCharsets.UTF_8);
        return redis.call(commands -> commands.hmget(room, field, restored)).mapNotNull(values -> {
            // A restored room has no offsets, so unknown joins must be repeated.
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
