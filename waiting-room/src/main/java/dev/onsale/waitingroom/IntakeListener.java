package dev.onsale.waitingroom;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.platform.redis.LuaScript;
import dev.onsale.platform.redis.ScriptReply;
import dev.onsale.waitingroom.challenge.Challenges;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.RoomScripts;
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
 * Gives places to those who come through the topic, in its order; the offset moves on after the last of the batch. A repeat
 * after a failure keeps the places that were given.
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

    /** Field of the room that says how far a partition was read. */
    static String field(int partition) {
        return "intake" + partition;
    }

    @Override
    public void onMessage(List<ConsumerRecord<String, String>> records) {
        // A script that Redis did not know would be sent again, behind others.
        try {
            visitors.prepareJoins().block(PREPARE_MAX);
        } catch (RefusedException away) {
            throw new BatchListenerFailedException("The joins cannot be taken", away, records.getFirst());
        }
        OrderedBatch.run(records, this::join);
    }

    /** A join that was put aside: who sent it asks no more for a place that will not come. */
    void putAside(ConsumerRecord<?, ?> record) {
        metrics.putAside();
        try {
            SaleId sale = SaleId.of(String.valueOf(record.key()));
            QueuedJoin join = QueuedJoin.parse(String.valueOf(record.value()));
            RefusedException no = new RefusedException(
                    RefusalCode.TEMPORARILY_UNAVAILABLE, "Your join could not be taken; join again");
            visitors.refused(sale, join.buyer(), no)
                    .then(consumed(sale, record))
                    .block(PREPARE_MAX);
        } catch (InvalidValueException unreadable) {
            log.debug("Nobody can be told of a join that cannot be read", unreadable);
        } catch (RuntimeException | Error e) {
            // The record is safe with the dead letters; the intake must go on.
            log.info("A visitor could not be told that the join was put aside", e);
        }
    }

    private Mono<Void> join(ConsumerRecord<String, String> record) {
        SaleId sale = SaleId.of(String.valueOf(record.key()));
        QueuedJoin join = QueuedJoin.parse(record.value());
        return Mono.fromCallable(() -> checked(sale, join))
                .flatMap(caller -> visitors.join(sale, join.buyer(), caller))
                .doOnNext(place -> metrics.taken())
                .then()
                .onErrorResume(
                        RefusedException.class,
                        refused -> KafkaConfiguration.isAway(refused)
                                ? Mono.error(refused)
                                // A "no" is an answer: the visitor learns it with the next question.
                                : visitors.refused(sale, join.buyer(), refused).doOnSuccess(told -> metrics.refused()))
                .then(consumed(sale, record));
    }

    /** Whoever can write to the topic can write any challenge: only one that was solved counts. */
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
