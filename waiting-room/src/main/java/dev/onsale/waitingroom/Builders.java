package dev.onsale.waitingroom;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Long work on a whole room, one room at a time: to build it from its journal, to draw the order at its opening. */
@Component
class Builders implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(Builders.class);
    private static final Duration STOP_MAX = Duration.ofSeconds(12);

    private final Restorer restorer;
    private final Opening opening;
    private final Set<SaleId> underWay = ConcurrentHashMap.newKeySet();
    private final Set<SaleId> failing = ConcurrentHashMap.newKeySet();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("waiting-room-builder").daemon().factory());

    Builders(Restorer restorer, Opening opening) {
        this.restorer = restorer;
        this.opening = opening;
    }

    void restore(SaleId sale) {
        submit(sale, () -> restorer.restore(sale));
    }

    void open(SaleId sale, long fence) {
        submit(sale, () -> opening.run(sale, fence));
    }

    // At most one task a room, so the queue of the thread is as short as the list of rooms.
    private void submit(SaleId sale, Runnable work) {
        if (!underWay.add(sale)) {
            return;
        }
        try {
            thread.execute(() -> {
                try {
                    work.run();
                    if (failing.remove(sale)) {
                        log.info("The waiting room of {} is built after all", sale);
                    }
                } catch (RuntimeException e) {
                    // The next round of admission tries again; it is told once.
                    if (failing.add(sale)) {
                        log.warn("The waiting room of {} is not built yet; trying on", sale, e);
                    }
                } finally {
                    underWay.remove(sale);
                }
            });
        } catch (RejectedExecutionException stopping) {
            underWay.remove(sale);
        }
    }

    @Override
    public void destroy() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
            thread.shutdownNow();
        }
    }
}
