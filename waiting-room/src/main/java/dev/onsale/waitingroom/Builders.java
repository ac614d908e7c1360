package dev.onsale.waitingroom;

import dev.onsale.web.supervision.Supervised;
import dev.onsale.web.supervision.SupervisedWork;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Long work on a whole room, one room at a time: to build it from its journal, to draw the order at its opening. Asked for by
 * each round of admission until it is done; what failed is tried again after a growing pause.
 */
@Component
class Builders implements Supervised, DisposableBean {

    private static final Duration STOP_MAX = Duration.ofSeconds(12);

    private final Restorer restorer;
    private final Opening opening;
    private final RoomFailures failures;
    private final SupervisedWork work = SupervisedWork.onDemand("waiting-room-builder", Duration.ofSeconds(60));
    private final Set<SaleId> underWay = ConcurrentHashMap.newKeySet();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("waiting-room-builder").daemon().factory());

    Builders(Restorer restorer, Opening opening, RoomFailures failures) {
        this.restorer = restorer;
        this.opening = opening;
        this.failures = failures;
        work.started();
    }

    void restore(SaleId sale) {
        submit(RoomTask.RESTORATION, sale, () -> restorer.restore(sale));
    }

    void open(SaleId sale, long fence) {
        submit(RoomTask.DRAW, sale, () -> opening.run(sale, fence));
    }

    // At most one task a room, so the queue of the thread is as short as the list of rooms.
    private void submit(RoomTask task, SaleId sale, BooleanSupplier build) {
        if (!failures.isDue(task, sale) || !underWay.add(sale)) {
            return;
        }
        try {
            thread.execute(() -> {
                try {
                    boolean unused = work.attempt(() -> build(task, sale, build));
                } finally {
                    underWay.remove(sale);
                }
            });
        } catch (RejectedExecutionException stopping) {
            underWay.remove(sale);
        }
    }

    private void build(RoomTask task, SaleId sale, BooleanSupplier build) {
        try {
            if (build.getAsBoolean()) {
                failures.works(task, sale);
            } else {
                failures.postponed(task, sale);
            }
        } catch (RuntimeException e) {
            failures.failed(task, sale, e);
        } catch (Error e) {
            failures.failed(task, sale, e);
            throw e;
        }
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    @Override
    public void destroy() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
            thread.shutdownNow();
        }
        work.stopped();
    }
}
