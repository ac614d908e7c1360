package dev.onsale.query.consumption;

import dev.onsale.query.readmodel.ConsumptionOutcomes;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.Facts;
import dev.onsale.query.readmodel.Projection;
import dev.onsale.query.rebuild.Generations;
import java.util.List;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** All rows of a batch that one group keeps, in one transaction. */
final class BatchTransaction {

    private static final int TRANSACTION_SECONDS_MAX = 30;

    private static final String TURN = "SELECT g.name, g.generation FROM projection_turn t LEFT JOIN"
            + " projection_generation g ON TRUE WHERE t.id = 1 LOCK IN SHARE MODE";

    private final List<Projection> projections;
    private final Generations generations;
    private final TransactionTemplate transaction;
    private final JdbcOperations jdbc;
    private final ConsumptionMetrics metrics;

    BatchTransaction(
            List<Projection> projections,
            PlatformTransactionManager transactions,
            JdbcOperations jdbc,
            Generations generations,
            ConsumptionMetrics metrics) {
        this.jdbc = jdbc;
        this.generations = generations;
        this.projections = projections;
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setTimeout(TRANSACTION_SECONDS_MAX);
        // Rows of several tables are of one moment, whatever the server's default: a stalled consumer counts nothing
        // twice.
        this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.metrics = metrics;
    }

    void apply(List<Fact<?>> batch) {
        Facts facts = new Facts(batch);
        ConsumptionOutcomes outcomes = new ConsumptionOutcomes();
        transaction.executeWithoutResult(status -> {
            takeTurn();
            projections.forEach(projection -> projection.apply(facts, outcomes));
        });
        metrics.committed(outcomes);
    }

    /** Whoever puts a rebuilt table in the place of another has this row for itself. */
    private void takeTurn() {
        jdbc.query(TURN, row -> {
            if (row.getString(1) != null) {
                generations.keep(row.getString(1), row.getLong(2));
            }
        });
    }
}
