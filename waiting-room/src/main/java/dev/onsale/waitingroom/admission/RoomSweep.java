package dev.onsale.waitingroom.admission;

import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.task.EachRoom;
import dev.onsale.waitingroom.task.RoomFailures;
import dev.onsale.waitingroom.task.RoomTask;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Removes silent visitors in batches. A room with more of them continues after a pause. */
final class RoomSweep {

    private final AdmissionRound round;
    private final EachRoom sweeping;
    /** Start of the next batch of each unfinished room. */
    private final Map<SaleId, Long> unfinished = new ConcurrentHashMap<>();

    RoomSweep(AdmissionRound round, RoomFailures failures, Duration visitMax) {
        this.round = round;
        this.sweeping = new EachRoom(RoomTask.SWEEP, failures, visitMax);
    }

    /** See {@link EachRoom#run}. */
    boolean run(Collection<SaleId> sales) {
        return sweeping.run(sales, sale -> round.sweep(sale, unfinished.getOrDefault(sale, 0L))
                .doOnNext(next -> continueAt(sale, next))
                .doOnError(failure -> unfinished.remove(sale)));
    }

    boolean isUnfinished() {
        return !unfinished.isEmpty();
    }

    Collection<SaleId> unfinished() {
        return List.copyOf(unfinished.keySet());
    }

    void forget() {
        unfinished.clear();
    }

    void awaitEnd(Duration max) throws InterruptedException {
        sweeping.awaitEnd(max);
    }

    private void continueAt(SaleId sale, long next) {
        if (next > 0) {
            unfinished.put(sale, next);
        } else {
            unfinished.remove(sale);
        }
    }
}
