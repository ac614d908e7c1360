package dev.onsale.query.consumption;

import dev.onsale.query.readmodel.ConsumptionOutcomes;
import dev.onsale.query.readmodel.Fact;
import dev.onsale.query.readmodel.Facts;
import dev.onsale.query.readmodel.Projection;
import java.util.List;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** All rows of a batch that one group keeps, in one transaction. */
final class BatchTransaction {

    private static final int TRANSACTION_SECONDS_MAX = 30;

    private final List<Projection> projections;
    private final TransactionTemplate transaction;
    private final JdbcOperations jdbc;
    private final ConsumptionMetrics metrics;

    BatchTransaction(
            List<Projection> projections,
            PlatformTransactionManager transactions,
            JdbcOperations jdbc,
            ConsumptionMetrics metrics) {
        this.jdbc = jdbc;
        this.projections = projections;
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setTimeout(TRANSACTION_SECONDS_MAX);
        this.metrics = metrics;
    }

    void apply(List<Fact<?>> batch) {
        Facts facts = new Facts(batch);
        ConsumptionOutcomes outcomes = new ConsumptionOutcomes();
        transaction.executeWithoutResult(status -> {
            // Whoever puts a rebuilt table in the place of another has this row for itself.
            jdbc.queryForObject("SELECT id FROM projection_turn WHERE id = 1 LOCK IN SHARE MODE", Long.class);
            projections.forEach(projection -> projection.apply(facts, outcomes));
        });
        metrics.committed(outcomes);
    }
}
