package dev.onsale.waitingroom.intake;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.challenge.Challenges;
import dev.onsale.waitingroom.key.RoomKeys;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.queue.VisitorService;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
import dev.onsale.waitingroom.task.ServiceAway;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.BatchMessageListener;
import reactor.core.publisher.Mono;

/**
 * Gives places for joins from the topic, in order. Commits the offset after the batch. A retry keeps places that were
 * given.
 */
final class IntakeListener implements BatchMessageListener<String, String> {

    private static final Logger log = LoggerFactory.getLogger(IntakeListener.class);
    private static final LuaScript<ScriptReply> CONSUMED = RoomScripts.load("consumed");
    private static final Duration PREPARE_MAX = Duration.ofSeconds(10);

    private final VisitorService visitors;
    private final Challenges challenges;
    private final RedisScripts redis;
    private final IntakeMetrics metrics;

    IntakeListener(VisitorService visitors, Challenges challenges, RedisScripts redis, IntakeMetrics metrics) {
        this.visitors = visitors;
        this.challenges = challenges;
        this.redis = redis;
        this.metrics = metrics;
    }

    /** Field of the room with the offset of a partition. */
    static String field(int partition) {
        return "intake" + partition;
    }

    @Override
    public void onMessage(List<ConsumerRecord<String, String>> records) {
        // A script that Redis does not know would be sent again, after others.
        try {
            visitors.prepareJoins().block(PREPARE_MAX);
        } catch (RefusedException away) {
            throw new BatchListenerFailedException("Joins cannot be processed", away, records.getFirst());
        }
        OrderedBatch.run(records, this::join);
    }

    /** Tells the visitor that the join failed, so that the client stops waiting. */
    void putAside(ConsumerRecord<?, ?> record) {
        metrics.putAside.increment();
        try {
            SaleId sale = SaleId.of(String.valueOf(record.key()));
            QueuedJoin join = QueuedJoin.parse(String.valueOf(record.value()));
            RefusedException no = new RefusedException(
                    RefusalCode.TEMPORARILY_UNAVAILABLE, "Your join could not be processed. Join again");
            visitors.refused(sale, join.buyer(), no)
                    .then(consumed(sale, record))
                    .block(PREPARE_MAX);
        } catch (InvalidValueException unreadable) {
            log.debug("An unreadable join has no visitor to notify", unreadable);
        } catch (RuntimeException | Error e) {
            // The record is in the dead-letter topic; the intake must continue.
            log.info("Could not notify a visitor of a failed join", e);
        }
    }

    private Mono<Void> join(ConsumerRecord<String, String> record) {
        SaleId sale = SaleId.of(String.valueOf(record.key()));
        QueuedJoin join = QueuedJoin.parse(record.value());
        return Mono.fromCallable(() -> checked(sale, join))
                .flatMap(caller -> visitors.join(sale, join.buyer(), caller))
                .doOnNext(place -> metrics.taken.increment())
                .then()
                .onErrorResume(
                        RefusedException.class,
                        refused -> ServiceAway.isCauseOf(refused)
                                ? Mono.error(refused)
                                // The visitor gets the refusal with the next poll.
                                : visitors.refused(sale, join.buyer(), refused)
                                        .doOnSuccess(told -> metrics.refused.increment()))
                .then(consumed(sale, record));
    }

    /** Writers to the topic could forge a challenge, so the proof is verified again. */
    private JoinOrigin checked(SaleId sale, QueuedJoin join) {
        String proof = join.caller().proof();
        return proof == null
                ? join.caller()
                : new JoinOrigin(
                        join.caller().address(),
                        challenges.verify(sale.value(), proof, Instant.ofEpochMilli(join.at())));
    }

    private Mono<Void> consumed(SaleId sale, ConsumerRecord<?, ?> record) {
        return redis.run(
                        CONSUMED,
                        List.of(new RoomKeys(sale).room()),
                        field(record.partition()),
                        Long.toString(record.offset() + 1))
                .then();
    }
}
