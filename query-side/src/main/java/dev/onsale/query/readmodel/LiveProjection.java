package dev.onsale.query.readmodel;

import dev.onsale.api.OnsaleEvent;
import jakarta.persistence.EntityManager;
import java.util.List;
import org.springframework.jdbc.core.JdbcOperations;

/** Keeps the tables of a read model up to date with the batches of Kafka. */
public final class LiveProjection<E extends OnsaleEvent> implements Projection {

    private static final String LIVE_TABLES = "";

    private final ReadModel<E> model;
    private final EntityManager entities;
    private final JdbcOperations jdbc;

    public LiveProjection(ReadModel<E> model, EntityManager entities, JdbcOperations jdbc) {
        this.model = model;
        this.entities = entities;
        this.jdbc = jdbc;
    }

    @Override
    public void apply(Facts facts, ConsumptionOutcomes outcomes) {
        Folding<E> folding = new Folding<>(model, entities, LIVE_TABLES, false);
        List<Fact<E>> batch = folding.take(facts, outcomes);
        if (!batch.isEmpty()) {
            model.folded(batch, folding.rows());
            folding.flush(RowSink.inOrder(jdbc));
        }
    }

    @Override
    public ConsumerGroup group() {
        return model.group();
    }
}
