package dev.onsale.command.answers;

import dev.onsale.command.answers.AnswerTable.Waiting;
import dev.onsale.platform.idempotency.RequestKey;
import dev.onsale.platform.idempotency.StoredAnswer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Answers that are not yet in the table. Until then they are found here. */
final class AnswerWriteBuffer {

    private static final Logger log = LoggerFactory.getLogger(AnswerWriteBuffer.class);
    private static final int ROWS_AT_ONCE = 500;
    private static final Comparator<Waiting> BY_NAME = Comparator.comparingLong(
                    (Waiting waiting) -> waiting.name().high())
            .thenComparingLong(waiting -> waiting.name().low());

    private final AnswerTable table;
    private final AnswerMetrics metrics;
    private final LongSupplier clock;
    private final BlockingQueue<Waiting> queue;
    private final ConcurrentMap<RequestKey, StoredAnswer> waiting = new ConcurrentHashMap<>();
    private final List<Waiting> batch = new ArrayList<>();
    private boolean away;

    AnswerWriteBuffer(AnswerTable table, int waitingMax, AnswerMetrics metrics, LongSupplier clock) {
        this.table = table;
        this.metrics = metrics;
        this.clock = clock;
        this.queue = new ArrayBlockingQueue<>(waitingMax);
        metrics.waiting(queue);
    }

    void add(RequestKey name, StoredAnswer answer) {
        if (waiting.putIfAbsent(name, answer) == null && !queue.offer(new Waiting(name, answer, clock.getAsLong()))) {
            waiting.remove(name);
            metrics.leftOut();
        }
    }

    Optional<StoredAnswer> find(RequestKey name) {
        return Optional.ofNullable(waiting.get(name));
    }

    /** Writes waiting answers. What fails is written next time. By one thread at a time. */
    synchronized void write() {
        try {
            while (!batch.isEmpty() || queue.drainTo(batch, ROWS_AT_ONCE) > 0) {
                batch.sort(BY_NAME);
                table.insert(batch);
                batch.forEach(written -> waiting.remove(written.name()));
                metrics.stored(batch.size());
                batch.clear();
            }
            away = false;
        } catch (DataAccessException failure) {
            if (!away) {
                log.warn("Answers cannot be stored, trying on: {}", failure.toString());
            }
            away = true;
        }
    }
}
