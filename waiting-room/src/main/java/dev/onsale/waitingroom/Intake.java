package dev.onsale.waitingroom;

import dev.onsale.api.BuyerId;
import dev.onsale.api.InvalidValueException;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.Topics;
import dev.onsale.waitingroom.redis.RedisScripts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** How joins come in: straight to Redis, or through a topic that keeps them in order while Redis does one after the other. */
class Intake {

    static final String TOPIC = Topics.WAITING_ROOM_JOINS;

    private static final Logger log = LoggerFactory.getLogger(Intake.class);
    private static final Pattern TICKET = Pattern.compile("([0-9]{1,5})-([0-9]{1,18})");
    private static final Duration SEND_MAX = Duration.ofSeconds(5);

    private final Visitors visitors;
    private final RoomDirectory directory;
    private final KafkaTemplate<String, String> kafka;
    private final RedisScripts redis;
    private final Clock clock;

    Intake(
            Visitors visitors,
            RoomDirectory directory,
            KafkaTemplate<String, String> kafka,
            RedisScripts redis,
            Clock clock) {
        this.visitors = visitors;
        this.directory = directory;
        this.kafka = kafka;
        this.redis = redis;
        this.clock = clock;
    }

    Mono<VisitorAnswer> join(SaleId sale, BuyerId buyer, Caller caller) {
        RoomDefinition room = directory.find(sale);
        if (room == null || room.settings().intake() != RoomSettings.Intake.KAFKA) {
            return visitors.join(sale, buyer, caller);
        }
        // The key keeps one sale in one partition, and so in order. A full buffer blocks for a moment, so not here.
        return Mono.fromCallable(
                        () -> kafka.send(TOPIC, sale.value(), new QueuedJoin(buyer, clock.millis(), caller).text()))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(Mono::fromFuture)
                .timeout(SEND_MAX)
                .map(SendResult::getRecordMetadata)
                .map(Intake::queued)
                .onErrorMap(failure -> {
                    log.debug("A join was not queued", failure);
                    return new RefusedException(
                            RefusalCode.TEMPORARILY_UNAVAILABLE, "The waiting room cannot take you in now; try again");
                });
    }

    /** Where somebody stands who was queued; until the intake has come so far there is no place to tell. */
    Mono<VisitorAnswer> poll(SaleId sale, BuyerId buyer, String ticket) {
        Matcher form = TICKET.matcher(ticket);
        if (!form.matches()) {
            throw new InvalidValueException("ticket is what the answer to the join had");
        }
        // What became of an earlier place, or of an earlier join, is no answer to this one.
        return visitors.poll(sale, buyer)
                .flatMap(place ->
                        isOver(place) ? stillQueued(sale, ticket, form).defaultIfEmpty(place) : Mono.just(place))
                .onErrorResume(
                        RefusedException.class,
                        refused -> KafkaConfiguration.isAway(refused)
                                ? Mono.error(refused)
                                : stillQueued(sale, ticket, form).switchIfEmpty(Mono.error(refused)));
    }

    private static boolean isOver(VisitorAnswer place) {
        return place.state() == VisitorAnswer.State.LEFT || place.state() == VisitorAnswer.State.EXPIRED;
    }

    private Mono<VisitorAnswer> stillQueued(SaleId sale, String ticket, Matcher form) {
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
            return done > offset
                    ? null
                    : VisitorAnswer.queued(
                            offset - done,
                            PollSchedule.millis(1, ThreadLocalRandom.current().nextDouble()),
                            ticket);
        });
    }

    private static VisitorAnswer queued(RecordMetadata place) {
        return VisitorAnswer.queued(
                0,
                PollSchedule.millis(1, ThreadLocalRandom.current().nextDouble()),
                place.partition() + "-" + place.offset());
    }
}
