package dev.onsale.saga.step;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.time.Clock;
import java.time.Instant;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Writes steps through the connection of the transaction under way. */
final class DurableSteps implements Steps {

    private final SchedulerClient table;
    private final Runnable announce;
    private final Clock clock;

    DurableSteps(SchedulerClient table, Runnable announce, Clock clock) {
        this.table = table;
        this.announce = announce;
        this.clock = clock;
    }

    @Override
    public void next(Step step) {
        at(clock.instant(), step);
    }

    @Override
    public void at(Instant due, Step step) {
        boolean isNew = table.scheduleIfNotExists(new TaskInstance<>(step.kind(), step.id(), step), due);
        if (isNew && !due.isAfter(clock.instant())) {
            announceAfterCommit();
        }
    }

    /** Announced earlier, the poll would not see the row yet and the step would wait for the next one. */
    private void announceAfterCommit() {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            announce.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                announce.run();
            }
        });
    }
}
