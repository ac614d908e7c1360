package dev.onsale.waitingroom.intake;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.listener.BatchListenerFailedException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Processes a batch in order with many records in flight. All are sent by the calling thread: a record sent by the
 * Redis thread would overtake those that are not sent yet.
 */
final class OrderedBatch {

    static final int IN_FLIGHT = 128;

    private static final Duration TOGETHER_MAX = Duration.ofSeconds(30);

    private OrderedBatch() {}

    /**
     * @throws BatchListenerFailedException with the first failed record; all before it are done
     */
    static <K, V extends @Nullable Object> void run(
            List<ConsumerRecord<K, V>> records, Function<ConsumerRecord<K, V>, Mono<Void>> work) {
        for (int from = 0; from < records.size(); from += IN_FLIGHT) {
            together(records.subList(from, Math.min(records.size(), from + IN_FLIGHT)), work);
        }
    }

    private static <K, V extends @Nullable Object> void together(
            List<ConsumerRecord<K, V>> records, Function<ConsumerRecord<K, V>, Mono<Void>> work) {
        List<Optional<Throwable>> failures = Flux.fromIterable(records)
                .flatMapSequential(record -> failureOf(record, work), IN_FLIGHT)
                .collectList()
                .block(TOGETHER_MAX);
        for (int index = 0; failures != null && index < failures.size(); index++) {
            ConsumerRecord<K, V> record = records.get(index);
            failures.get(index).ifPresent(failure -> {
                throw new BatchListenerFailedException("Could not process a record", failure, record);
            });
        }
    }

    /** A value, because an error signal would cancel the records behind it. */
    private static <K, V extends @Nullable Object> Mono<Optional<Throwable>> failureOf(
            ConsumerRecord<K, V> record, Function<ConsumerRecord<K, V>, Mono<Void>> work) {
        return Mono.defer(() -> begin(record, work))
                .then(Mono.just(Optional.<Throwable>empty()))
                .onErrorResume(failure -> Mono.just(Optional.of(failure)));
    }

    /** An Error would end the consumer thread, again and again at the same record. */
    private static <K, V extends @Nullable Object> Mono<Void> begin(
            ConsumerRecord<K, V> record, Function<ConsumerRecord<K, V>, Mono<Void>> work) {
        try {
            return work.apply(record);
        } catch (Error error) {
            return Mono.error(new IllegalStateException("Error while processing a record", error));
        }
    }
}
