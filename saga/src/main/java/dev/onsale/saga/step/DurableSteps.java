package dev.onsale.saga.step;

import dev.onsale.saga.step.StepTable.NewRow;
import dev.onsale.saga.step.StepTable.StepKey;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Writes the steps of a transaction as one statement just before it commits. What is due at once is written as this node's own
 * and taken from memory when the transaction has committed; what waits, or finds the memory full, is found by polling.
 */
final class DurableSteps implements Steps {

    private static final String WAKE = "UPDATE saga_step SET execution_time = ? WHERE task_name IN ('check-out',"
            + " 'authorize-payment', 'confirm-reservation', 'capture-payment', 'give-back-payment', 'fail-payment')"
            + " AND task_instance = ? AND picked = FALSE AND execution_time > ?";

    /** The parts of a payment, which are named after it. */
    private static final String WAKE_PARTS = "UPDATE saga_step SET execution_time = ? WHERE task_name ="
            + " 'refund-part-of-payment' AND task_instance LIKE CONCAT(?, '/%') AND picked = FALSE AND execution_time > ?";

    private final StepTable table;
    private final JdbcOperations jdbc;
    private final InMemoryStepQueue firstTries;
    private final Runnable announce;
    private final Clock clock;

    DurableSteps(StepTable table, JdbcOperations jdbc, InMemoryStepQueue firstTries, Runnable announce, Clock clock) {
        this.table = table;
        this.jdbc = jdbc;
        this.firstTries = firstTries;
        this.announce = announce;
        this.clock = clock;
    }

    @Override
    public void next(Step step) {
        at(clock.instant(), step);
    }

    @Override
    public void at(Instant due, Step step) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            Wanted alone = new Wanted();
            alone.add(due, step);
            int status = TransactionSynchronization.STATUS_UNKNOWN;
            try {
                alone.beforeCommit(false);
                status = TransactionSynchronization.STATUS_COMMITTED;
            } finally {
                alone.afterCompletion(status);
            }
            return;
        }
        Wanted wanted = underWay();
        if (wanted == null) {
            wanted = new Wanted();
            TransactionSynchronizationManager.registerSynchronization(wanted);
        }
        wanted.add(due, step);
    }

    private @Nullable Wanted underWay() {
        for (TransactionSynchronization synchronization : TransactionSynchronizationManager.getSynchronizations()) {
            if (synchronization instanceof Wanted wanted && wanted.isOf(this)) {
                return wanted;
            }
        }
        return null;
    }

    @Override
    public int wake(String id) {
        LocalDateTime now = StepTable.utc(clock.instant());
        int woken = jdbc.update(WAKE, now, id, now) + jdbc.update(WAKE_PARTS, now, id, now);
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

    /** What one transaction asks for. */
    private final class Wanted implements TransactionSynchronization {

        private final Map<StepKey, NewRow> rows = new LinkedHashMap<>();
        private final List<Step> mine = new ArrayList<>();
        private boolean someAreLeft;

        boolean isOf(DurableSteps steps) {
            return DurableSteps.this == steps;
        }

        void add(Instant due, Step step) {
            rows.putIfAbsent(StepKey.of(step), new NewRow(step, due, false));
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            Instant now = clock.instant();
            Set<StepKey> existing = table.existing(rows.keySet());
            List<NewRow> fresh = new ArrayList<>();
            for (Map.Entry<StepKey, NewRow> row : rows.entrySet()) {
                if (existing.contains(row.getKey())) {
                    continue;
                }
                NewRow wanted = row.getValue();
                boolean isDue = !wanted.due().isAfter(now);
                boolean isMine = isDue && firstTries.reserve(wanted.step());
                if (isMine) {
                    mine.add(wanted.step());
                }
                someAreLeft |= isDue && !isMine;
                fresh.add(new NewRow(wanted.step(), wanted.due(), isMine));
            }
            table.insert(fresh, now);
        }

        @Override
        public void afterCompletion(int status) {
            switch (status) {
                case STATUS_COMMITTED -> {
                    mine.forEach(firstTries::take);
                    if (someAreLeft) {
                        announce.run();
                    }
                }
                case STATUS_ROLLED_BACK -> mine.forEach(step -> firstTries.release());
                // If the rows are there, this node's heartbeat would keep everybody else from them.
                default -> mine.forEach(firstTries::leave);
            }
        }
    }
}
