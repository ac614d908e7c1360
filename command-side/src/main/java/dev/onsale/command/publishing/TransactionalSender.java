package dev.onsale.command.publishing;

import dev.onsale.platform.failure.Causes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/** Sends records as one Kafka transaction: all of them or none. Keeps one producer per segment. */
final class TransactionalSender implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(TransactionalSender.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
    /** Failures that stay, however often a record is sent again. */
    private static final Set<Class<? extends Exception>> REFUSALS = Set.of(
            RecordTooLargeException.class,
            RecordBatchTooLargeException.class,
            SerializationException.class,
            InvalidRecordException.class,
            CorruptRecordException.class);

    /** Opens a producer whose {@code transactional.id} belongs to one segment, which fences a former owner of the segment. */
    interface ProducerOpener {
        Producer<String, byte[]> open(int segment);
    }

    private record Sent(PendingRecord pending, Future<RecordMetadata> result) {}

    private final ProducerOpener opener;
    private final PublishingMetrics metrics;
    private final ConcurrentMap<Integer, Producer<String, byte[]>> producers = new ConcurrentHashMap<>();

    TransactionalSender(ProducerOpener opener, PublishingMetrics metrics) {
        this.opener = opener;
        this.metrics = metrics;
    }

    /**
     * @throws RecordRefusedException if Kafka refuses a record for its own sake; the others may be sent without it
     */
    void send(int segment, List<PendingRecord> records) {
        Producer<String, byte[]> producer = producers.computeIfAbsent(segment, opener::open);
        List<Sent> sent = new ArrayList<>(records.size());
        try {
            producer.beginTransaction();
            for (PendingRecord pending : records) {
                sent.add(new Sent(pending, send(producer, pending)));
            }
            // Committing the transaction waits for every record and fails if one of them did.
            producer.commitTransaction();
            metrics.committed(records.size());
        } catch (RuntimeException | Error failure) {
            metrics.failed(records.size());
            // A producer that failed once is in no state to trust; the next one fences it.
            discard(segment, producer);
            throwRefusal(sent);
            throw failure;
        }
    }

    private static Future<RecordMetadata> send(Producer<String, byte[]> producer, PendingRecord pending) {
        try {
            return producer.send(Objects.requireNonNull(pending.record()));
        } catch (RuntimeException failure) {
            if (isRefusal(failure)) {
                throw new RecordRefusedException(pending, failure);
            }
            throw failure;
        }
    }

    private static void throwRefusal(List<Sent> sent) {
        for (Sent one : sent) {
            Throwable failure = failure(one.result());
            if (failure != null && isRefusal(failure)) {
                throw new RecordRefusedException(one.pending(), failure);
            }
        }
    }

    private static @Nullable Throwable failure(Future<RecordMetadata> result) {
        return result.state() == Future.State.FAILED ? result.exceptionNow() : null;
    }

    private static boolean isRefusal(Throwable failure) {
        return REFUSALS.stream().anyMatch(refusal -> Causes.has(failure, refusal));
    }

    private void discard(int segment, Producer<String, byte[]> producer) {
        producers.remove(segment, producer);
        try {
            // Closing without a commit aborts what is open.
            producer.close(CLOSE_PATIENCE);
        } catch (RuntimeException e) {
            log.debug("A failed producer did not close cleanly", e);
        }
    }

    @Override
    public void destroy() {
        producers.values().forEach(producer -> producer.close(CLOSE_PATIENCE));
    }
}
