package dev.onsale.query.position;

import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.stereotype.Component;

/** Answers those who wait for positions: one query for all of them, as often as is bearable, and none while nobody waits. */
@Component
class ReadPositions implements SmartLifecycle, Supervised {

    private static final int WAITING_MAX = 10_000;
    private static final int SALES_AT_ONCE = 500;
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final Duration SILENT_MAX = Duration.ofMinutes(5);

    private final NamedParameterJdbcTemplate jdbc;
    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final SupervisedWork work = new SupervisedWork("read-positions", SILENT_MAX);
    private @Nullable PeriodicTasks tasks;

    ReadPositions(JdbcOperations jdbc) {
        this.jdbc = new NamedParameterJdbcTemplate(jdbc);
    }

    private record Waiter(ReadAfter position, long untilNanos, CompletableFuture<Boolean> seen) {}

    /**
     * @return whether the read models have seen the position within that time
     */
    CompletableFuture<Boolean> await(ReadAfter position, Duration atMost) {
        CompletableFuture<Boolean> seen = new CompletableFuture<>();
        if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            seen.complete(false);
            return seen;
        }
        waiters.add(new Waiter(position, System.nanoTime() + atMost.toNanos(), seen));
        return seen;
    }

    private void look() {
        if (waiters.isEmpty()) {
            return;
        }
        List<Waiter> all = new ArrayList<>();
        for (Waiter waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            all.add(waiter);
        }
        Map<String, Long> positions = new HashMap<>();
        try {
            read(all, positions);
        } finally {
            // A failed read answers those whose time is over; the others wait for the next one.
            answer(all, positions);
        }
    }

    private void answer(List<Waiter> all, Map<String, Long> positions) {
        for (Waiter waiter : all) {
            Long position = positions.get(waiter.position().saleKey());
            boolean seen = position != null && position >= waiter.position().position();
            if (seen || System.nanoTime() - waiter.untilNanos() >= 0) {
                waiting.decrementAndGet();
                waiter.seen().complete(seen);
            } else {
                waiters.add(waiter);
            }
        }
    }

    private void read(List<Waiter> all, Map<String, Long> positions) {
        Set<String> sales = new HashSet<>();
        all.forEach(waiter -> sales.add(waiter.position().saleKey()));
        List<String> keys = List.copyOf(sales);
        for (int from = 0; from < keys.size(); from += SALES_AT_ONCE) {
            jdbc.query(
                    "SELECT sale_key, log_position FROM read_position WHERE sale_key IN (:keys)",
                    Map.of("keys", keys.subList(from, Math.min(keys.size(), from + SALES_AT_ONCE))),
                    row -> {
                        positions.put(row.getString(1), row.getLong(2));
                    });
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    @Override
    public synchronized void start() {
        if (tasks == null) {
            tasks = new PeriodicTasks("read-positions");
            var unused = tasks.every(LOOK_EVERY, work, this::look);
        }
    }

    @Override
    public synchronized void stop() {
        if (tasks != null) {
            tasks.stopNow(STOP_PATIENCE);
            tasks = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return tasks != null;
    }
}
