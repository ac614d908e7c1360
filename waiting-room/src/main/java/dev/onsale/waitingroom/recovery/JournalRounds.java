package dev.onsale.waitingroom.recovery;

import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.room.Leadership;
import dev.onsale.waitingroom.room.RoomDirectory;
import dev.onsale.waitingroom.room.RoomStore;
import dev.onsale.waitingroom.task.EachRoom;
import dev.onsale.waitingroom.task.RoomFailures;
import dev.onsale.waitingroom.task.RoomTask;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Writes the journals of all rooms on the leading node. Several threads, so a room that hangs does not block the
 * others.
 */
@Component
public final class JournalRounds implements Supervised, DisposableBean {

    static final String AGE = "onsale.waiting.room.journal.age.seconds";

    private static final int THREADS = 4;
    private static final int SECONDS_KEPT = 60;
    private static final Duration WRITE_MAX = Duration.ofSeconds(30);
    private static final Duration STOP_MAX = Duration.ofSeconds(12);
    private static final Duration SILENT_MAX = Duration.ofMinutes(2);

    private final RoomDirectory directory;
    private final JournalWriter journal;
    private final Leadership leadership;
    private final RoomFailures failures;
    private final EachRoom writing;
    private final SupervisedWork work = new SupervisedWork("waiting-room-journal", SILENT_MAX);
    private final Map<SaleId, Long> lastWritten = new ConcurrentHashMap<>();
    private volatile long lastIdle = System.nanoTime();
    private final Scheduler threads = Schedulers.newBoundedElastic(
            THREADS, 2 * RoomStore.ROOMS_MAX, "waiting-room-journal-writer", SECONDS_KEPT, true);

    public JournalRounds(
            RoomDirectory directory,
            JournalWriter journal,
            Leadership leadership,
            RoomFailures failures,
            MeterRegistry metrics) {
        this.directory = directory;
        this.journal = journal;
        this.leadership = leadership;
        this.failures = failures;
        this.writing = new EachRoom(RoomTask.JOURNAL, failures, WRITE_MAX);
        work.whenFailed(leadership::standDown);
        metrics.gauge(AGE, this, JournalRounds::ageSeconds);
    }

    void started() {
        work.started();
    }

    /** Runs one round. Failures are logged and counted. */
    @SuppressWarnings("CatchingUnchecked") // A failure must not end the schedule.
    void round() {
        try {
            if (write()) {
                work.completed();
            }
        } catch (Throwable failure) {
            work.failed(failure);
        }
    }

    private boolean write() {
        if (!leadership.leads()) {
            lastWritten.clear();
            lastIdle = System.nanoTime();
            return work.state() != SupervisedWork.State.FAILED;
        }
        Collection<SaleId> sales = directory.sales();
        lastWritten.keySet().retainAll(sales);
        sales.forEach(sale -> lastWritten.putIfAbsent(sale, System.nanoTime()));
        lastIdle = System.nanoTime();
        return writing.run(sales, sale -> Mono.fromCallable(errorsAsExceptions(() -> write(sale)))
                .subscribeOn(threads));
    }

    private int write(SaleId sale) {
        int written = journal.write(sale);
        lastWritten.computeIfPresent(sale, (key, before) -> System.nanoTime());
        return written;
    }

    /** Wraps an Error, which would end a thread of the scheduler and never complete the task. */
    private static <T> Callable<T> errorsAsExceptions(Callable<T> task) {
        return () -> {
            try {
                return task.call();
            } catch (Error error) {
                throw new IllegalStateException("Error while writing a journal", error);
            }
        };
    }

    /** Age of the oldest unwritten journal. Rooms that fail alone are counted by {@link RoomFailures}. */
    private double ageSeconds() {
        long now = System.nanoTime();
        long oldest = lastWritten.entrySet().stream()
                .filter(room -> !failures.isFailing(RoomTask.JOURNAL, room.getKey()))
                .mapToLong(room -> now - room.getValue())
                .max()
                .orElse(now - lastIdle);
        return oldest / (double) TimeUnit.SECONDS.toNanos(1);
    }

    void awaitEnd() throws InterruptedException {
        writing.awaitEnd(STOP_MAX);
        work.stopped();
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    @Override
    public void destroy() {
        threads.dispose();
    }
}
