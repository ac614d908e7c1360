package dev.onsale.query.deadletter;

import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Lets parked records go on once nothing dead is before them, and counts what waits. Every process may do it. */
@Component
class ParkedRelease implements SmartLifecycle, Supervised {

    private static final Duration RELEASED_EVERY = Duration.ofMillis(500);
    private static final Duration COUNTED_EVERY = Duration.ofSeconds(2);
    private static final int KEYS_AT_ONCE = 100;
    private static final int FORGOTTEN_AT_ONCE = 1_000;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final Duration SILENT_MAX = Duration.ofMinutes(5);

    private final DeadLetterStore store;
    private final DeadLetterCounts counts;
    private final DeadLetterRetry retry;
    private final DeadLetterSettings settings;
    private final Clock clock;
    private final SupervisedWork releasing = new SupervisedWork("dead-letters-release", SILENT_MAX).optional();
    private final SupervisedWork counting = new SupervisedWork("dead-letters-count", SILENT_MAX).optional();
    private @Nullable PeriodicTasks tasks;

    ParkedRelease(
            DeadLetterStore store,
            DeadLetterCounts counts,
            DeadLetterRetry retry,
            DeadLetterSettings settings,
            Clock clock) {
        this.store = store;
        this.counts = counts;
        this.retry = retry;
        this.settings = settings;
        this.clock = clock;
    }

    /** Without a pause as long as there is more: consumers go on parking records of the same keys. */
    private void look() {
        List<ParkedKey> due = store.due(KEYS_AT_ONCE);
        while (!due.isEmpty() && !Thread.currentThread().isInterrupted()) {
            List<ParkedKey> more = new ArrayList<>();
            for (ParkedKey key : due) {
                if (retry.release(key) == DeadLetterRetry.PARKED_AT_ONCE) {
                    more.add(key);
                }
                SupervisedWork.progress();
            }
            due = more;
        }
    }

    private void count() {
        counts.look();
        store.forgetSettledBefore(clock.instant().minus(settings.keptAfter()), FORGOTTEN_AT_ONCE);
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(releasing, counting);
    }

    @Override
    public synchronized void start() {
        if (tasks == null) {
            tasks = new PeriodicTasks("dead-letters");
            var unusedLook = tasks.every(RELEASED_EVERY, releasing, this::look);
            var unusedCount = tasks.every(Duration.ZERO, COUNTED_EVERY, counting, this::count);
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
