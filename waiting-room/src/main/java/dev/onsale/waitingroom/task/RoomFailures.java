package dev.onsale.waitingroom.task;

import dev.onsale.waitingroom.key.SaleId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Failures of single rooms: logged when a room starts to fail at a task and when it works again, with metrics, and with
 * exponential backoff between retries. Thread-safe.
 */
@Component
public final class RoomFailures {

    public static final String GAUGE = "onsale.waiting.room.failing";
    public static final String COUNTER = "onsale.waiting.room.failures";

    private static final Logger log = LoggerFactory.getLogger(RoomFailures.class);
    private static final long PAUSE_MIN_MILLIS = 250;
    private static final Duration LONG_TASK_PAUSE = Duration.ofSeconds(1);
    private static final int DOUBLINGS_MAX = 16;

    private final MeterRegistry metrics;
    private final Map<Key, Failing> failing = new ConcurrentHashMap<>();

    private record Key(RoomTask task, String sale) {}

    /**
     * @param reason null while the failure is not logged
     */
    private record Failing(int inARow, @Nullable String reason, long pauseUntil) {

        boolean isLogged() {
            return reason != null;
        }
    }

    public RoomFailures(MeterRegistry metrics) {
        this.metrics = metrics;
        for (RoomTask task : RoomTask.values()) {
            Gauge.builder(GAUGE, this, all -> all.count(task))
                    .tag("task", tag(task))
                    .description("Waiting rooms that fail at this task")
                    .register(metrics);
            var unused = metrics.counter(COUNTER, "task", tag(task));
        }
    }

    /** Whether a task may run: it did not fail, or its backoff is over. */
    public boolean isDue(RoomTask task, SaleId sale) {
        Failing known = failing.get(new Key(task, sale.value()));
        return known == null || System.nanoTime() - known.pauseUntil() >= 0;
    }

    public void failed(RoomTask task, SaleId sale, Throwable failure) {
        failed(task, sale.value(), failure);
    }

    /**
     * A failure by an unavailable service is logged only if it repeats: an outage is logged once for all rooms, and
     * then no room is retried.
     */
    public void failed(RoomTask task, String sale, Throwable failure) {
        metrics.counter(COUNTER, "task", tag(task)).increment();
        boolean[] begins = new boolean[1];
        failing.compute(new Key(task, sale), (key, before) -> {
            int inARow = before == null ? 1 : before.inARow() + 1;
            boolean logged = before != null && before.isLogged();
            begins[0] = !logged && (inARow > 1 || task.isLong() || !ServiceAway.isCauseOf(failure));
            return new Failing(inARow, logged || begins[0] ? failure.toString() : null, pauseAfter(task, inARow));
        });
        if (begins[0]) {
            log.warn("{} {} fails and is retried; other rooms are not affected", task.title, sale, failure);
        } else {
            log.debug("{} {} failed again", task.title, sale, failure);
        }
    }

    private static long pauseAfter(RoomTask task, int inARow) {
        long millis = PAUSE_MIN_MILLIS << Math.min(inARow - 1, DOUBLINGS_MAX);
        return System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(Math.min(millis, task.pauseMax().toMillis()));
    }

    /** Delays a long task that another node does or that is not needed any more. */
    public void postponed(RoomTask task, SaleId sale) {
        long until = System.nanoTime() + LONG_TASK_PAUSE.toNanos();
        failing.compute(
                new Key(task, sale.value()),
                (key, before) -> before == null
                        ? new Failing(0, null, until)
                        : new Failing(before.inARow(), before.reason(), until));
    }

    public void works(RoomTask task, SaleId sale) {
        works(task, sale.value());
    }

    public void works(RoomTask task, String sale) {
        Failing before = failing.remove(new Key(task, sale));
        if (before != null && before.isLogged()) {
            log.info("{} {} works again", task.title, sale);
        }
    }

    /** Forgets the failures of deleted rooms. */
    public void retain(Collection<String> sales) {
        failing.keySet().removeIf(key -> key.task() != RoomTask.OPENING && !sales.contains(key.sale()));
    }

    public boolean isFailing(RoomTask task, SaleId sale) {
        Failing known = failing.get(new Key(task, sale.value()));
        return known != null && known.isLogged();
    }

    /** Reasons of the logged failures, by task and room. */
    public Map<String, String> reasons() {
        Map<String, String> reasons = new TreeMap<>();
        failing.forEach((key, failure) -> {
            if (failure.reason() != null) {
                reasons.put(tag(key.task()) + " " + key.sale(), failure.reason());
            }
        });
        return reasons;
    }

    private long count(RoomTask task) {
        return failing.entrySet().stream()
                .filter(entry ->
                        entry.getKey().task() == task && entry.getValue().isLogged())
                .count();
    }

    private static String tag(RoomTask task) {
        return task.name().toLowerCase(Locale.ROOT);
    }
}
