package dev.onsale.waitingroom;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.redis.Script;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.BatchMessageListener;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Gives places to those who come through the topic, in its order: sent to Redis one behind the other without waiting, and
 * the offset moves on after the last of the batch. A repeat after a failure keeps the places that were given.
 */
final class IntakeListener implements BatchMessageListener<String, String> {

    private static final Logger log = LoggerFactory.getLogger(IntakeListener.class);
    private static final Script CONSUMED = Script.load("consumed");
    private static final Duration BATCH_MAX = Duration.ofSeconds(30);
    private static final int IN_FLIGHT = 128;

    private final Visitors visitors;
    private final RedisScripts redis;

    IntakeListener(Visitors visitors, RedisScripts redis) {
        this.visitors = visitors;
        this.redis = redis;
    }

    /** Field of the room that says how far a partition was read. */
    static String field(int partition) {
        return "intake" + partition;
    }

    @Override
    public void onMessage(List<ConsumerRecord<String, String>> records) {
        // One by one into one connection: Redis takes them in this order.
        Flux.fromIterable(records)
                .flatMapSequential(this::join, IN_FLIGHT)
                .then()
                .block(BATCH_MAX);
    }

    private Mono<Void> join(ConsumerRecord<String, String> record) {
        SaleId sale;
        QueuedJoin join;
        try {
            sale = SaleId.of(String.valueOf(record.key()));
            join = QueuedJoin.parse(record.value());
        } catch (InvalidValueException unreadable) {
            return Mono.error(new BatchListenerFailedException("The join cannot be read", unreadable, record));
        }
        return visitors.join(sale, join.buyer(), join.caller())
                .then()
                .onErrorResume(RefusedException.class, refused -> {
                    if (refused.code() == RefusalCode.TEMPORARILY_UNAVAILABLE) {
                        return Mono.error(new BatchListenerFailedException("The join was not taken", refused, record));
                    }
                    // A "no" is an answer: the visitor learns it with the next question.
                    log.debug("Join of {} to {} refused: {}", join.buyer(), sale, refused.code());
                    return Mono.empty();
                })
                .then(redis.run(
                        CONSUMED,
                        List.of(new RoomKeys(sale).room()),
                        field(record.partition()),
                        Long.toString(record.offset() + 1)))
                .then();
    }
}
