package dev.onsale.saga.step;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Writes steps through the connection of the transaction under way. */
final class DurableSteps implements Steps {

    private static final String WAKE =
            "UPDATE saga_step SET execution_time = ? WHERE task_name IN ('authorize-payment',"
                    + " 'confirm-reservation', 'capture-payment', 'give-back-payment', 'fail-payment') AND task_instance = ?"
                    + " AND picked = FALSE AND execution_time > ?";

    private final SchedulerClient table;
    private final JdbcOperations jdbc;
    private final Runnable announce;
    private final Clock clock;

    DurableSteps(SchedulerClient table, JdbcOperations jdbc, Runnable announce, Clock clock) {
        this.table = table;
        this.jdbc = jdbc;
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

    @Override
    public int wake(String id) {
        // Written as the scheduler writes instants: as UTC, whatever the session's time zone.
        LocalDateTime now = LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
        int woken = jdbc.update(WAKE, now, id, now);
        if (woken > 0) {
            announceAfterCommit();
        }
        return woken;
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
