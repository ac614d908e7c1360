package dev.onsale.waitingroom.admission;

import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.platform.supervision.SupervisedWorkers;
import dev.onsale.waitingroom.draw.OpeningDraw;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.recovery.RoomRestorer;
import dev.onsale.waitingroom.task.RoomFailures;
import dev.onsale.waitingroom.task.RoomTask;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Long tasks on whole rooms: restoration and opening draw. Each round of admission requests them until they are done.
 * Failed ones are retried with backoff. A task without progress is interrupted and does not block the other rooms.
 */
@Component
class RoomTasks implements Supervised, DisposableBean {

    /** The build of a room with two million visitors needs a large part of a small heap. */
    private static final int THREADS = 1;

    private static final Duration STOP_MAX = Duration.ofSeconds(12);

    /** Longer than any single step: Redis answers within 10 s, and a statement waits at most 50 s for a lock. */
    private static final Duration SILENT_MAX = Duration.ofSeconds(60);

    private final RoomRestorer restorer;
    private final OpeningDraw opening;
    private final RoomFailures failures;
    private final SupervisedWork work;
    private final SupervisedWorkers threads;
    private final Map<SaleId, Build> underWay = new ConcurrentHashMap<>();

    private static final class Build {
        final RoomTask task;
        final AtomicBoolean failed = new AtomicBoolean();
        volatile @Nullable Thread thread;

        Build(RoomTask task) {
            this.task = task;
        }
    }

    @Autowired
    RoomTasks(RoomRestorer restorer, OpeningDraw opening, RoomFailures failures) {
        this(restorer, opening, failures, SILENT_MAX);
    }

    /**
     * @param silentMax how long a task may make no progress
     */
    RoomTasks(RoomRestorer restorer, OpeningDraw opening, RoomFailures failures, Duration silentMax) {
        this.restorer = restorer;
        this.opening = opening;
        this.failures = failures;
        this.work = SupervisedWork.onDemand("waiting-room-builder", silentMax).optional();
        this.threads = new SupervisedWorkers(work, THREADS);
        work.started();
    }

    void restore(SaleId sale) {
        submit(RoomTask.RESTORATION, sale, () -> restorer.restore(sale));
    }

    void open(SaleId sale, long fence) {
        submit(RoomTask.DRAW, sale, () -> opening.run(sale, fence));
    }

    // At most one task per room, which also limits the queue.
    private void submit(RoomTask task, SaleId sale, BooleanSupplier build) {
        replaceSilent();
        Build begun = new Build(task);
        if (!failures.isDue(task, sale) || underWay.putIfAbsent(sale, begun) != null) {
            return;
        }
        try {
            threads.execute(() -> {
                begun.thread = Thread.currentThread();
                try {
                    run(begun, sale, build);
                } finally {
                    underWay.remove(sale, begun);
                }
            });
        } catch (RejectedExecutionException stopping) {
            underWay.remove(sale, begun);
        }
    }

    private void replaceSilent() {
        Set<Thread> interrupted = threads.replaceSilent();
        if (!interrupted.isEmpty()) {
            underWay.forEach((sale, build) -> {
                Thread thread = build.thread;
                if (thread != null && interrupted.contains(thread)) {
                    fail(build, sale, new IllegalStateException("It made no progress and was interrupted"));
                }
            });
        }
    }

    private void run(Build build, SaleId sale, BooleanSupplier work) {
        try {
            if (work.getAsBoolean()) {
                failures.works(build.task, sale);
            } else {
                failures.postponed(build.task, sale);
            }
        } catch (RuntimeException e) {
            fail(build, sale, e);
        } catch (Error e) {
            fail(build, sale, e);
            throw e;
        }
    }

    /** At most once per build: an interrupted build fails again when it ends. */
    private void fail(Build build, SaleId sale, Throwable failure) {
        if (build.failed.compareAndSet(false, true)) {
            failures.failed(build.task, sale, failure);
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    @Override
    public void destroy() {
        threads.stop(STOP_MAX);
    }
}
