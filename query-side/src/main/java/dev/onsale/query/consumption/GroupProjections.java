package dev.onsale.query.consumption;

import dev.onsale.query.readmodel.ConsumerGroup;
import dev.onsale.query.readmodel.LiveProjection;
import dev.onsale.query.readmodel.Projection;
import dev.onsale.query.readmodel.ReadModels;
import dev.onsale.query.rebuild.Generations;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** What each group of consumers brings up to date in one transaction: its other projections, then its read models. */
@Component
class GroupProjections {

    private final List<Projection> all;
    private final PlatformTransactionManager transactions;
    private final JdbcOperations jdbc;
    private final Generations generations;

    GroupProjections(
            List<Projection> others,
            ReadModels models,
            EntityManager entities,
            PlatformTransactionManager transactions,
            JdbcOperations jdbc,
            Generations generations) {
        this.all = Stream.concat(
                        others.stream(),
                        models.all().stream().map(model -> new LiveProjection<>(model, entities, jdbc)))
                .toList();
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.generations = generations;
    }

    BatchTransaction of(ConsumerGroup group, ConsumptionMetrics metrics) {
        return new BatchTransaction(
                all.stream().filter(projection -> projection.group() == group).toList(),
                transactions,
                jdbc,
                generations,
                metrics);
    }
}
