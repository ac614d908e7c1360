package dev.onsale.query.consumption;

import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** All rows of a batch, in one transaction. */
@Component
class ReadModels {

    private static final int TRANSACTION_SECONDS_MAX = 30;

    private final List<Projection> projections;
    private final TransactionTemplate transaction;
    private final ConsumptionMetrics metrics;

    ReadModels(List<Projection> projections, PlatformTransactionManager transactions, ConsumptionMetrics metrics) {
        this.projections = projections;
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setTimeout(TRANSACTION_SECONDS_MAX);
        this.metrics = metrics;
    }

    void apply(List<Fact<?>> batch) {
        Facts facts = new Facts(batch);
        Outcomes outcomes = new Outcomes();
        transaction.executeWithoutResult(
                status -> projections.forEach(projection -> projection.apply(facts, outcomes)));
        metrics.committed(outcomes);
    }
}
