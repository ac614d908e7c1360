package dev.onsale.query.readmodel;

import dev.onsale.api.OnsaleEvent;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;

/** One run of a read model's fold: over a batch, or over the log. Used by one thread. */
public final class Folding<E extends OnsaleEvent> {

    private final ReadModel<E> model;
    private final boolean isLive;
    private final Rows rows;
    private final Keys keys = new Keys() {
        @Override
        public <K> void add(Table<K, ?> table, K key) {
            rows.of(table).want(key);
        }

        @Override
        public <K> void addCreated(Table<K, ?> table, K key) {
            if (!isLive) {
                add(table, key);
            }
        }
    };

    /**
     * @param suffix of the names of the tables beside the live ones, or nothing for the live ones
     * @param fromNothing whether those tables are empty
     */
    public Folding(ReadModel<E> model, EntityManager entities, String suffix, boolean fromNothing) {
        this.model = model;
        this.isLive = suffix.isEmpty();
        this.rows = new Rows(model.tables(), entities, suffix, fromNothing);
    }

    /** Takes facts in their order. */
    public void take(Facts facts) {
        List<Fact<E>> unused = take(facts, new ConsumptionOutcomes());
    }

    /** As {@link #take(Facts)}, and says what became of them. */
    List<Fact<E>> take(Facts facts, ConsumptionOutcomes outcomes) {
        List<Fact<E>> taken = taken(facts);
        if (rows.sets().stream().anyMatch(set -> !set.isComplete())) {
            taken.forEach(fact -> model.keys(fact.event(), keys));
            rows.sets().forEach(RowSet::fetch);
        }
        rows.outcomes(outcomes);
        taken.forEach(fact -> model.fold(fact, rows));
        return taken;
    }

    @SuppressWarnings("unchecked") // An instance of one of the classes that the model folds.
    private List<Fact<E>> taken(Facts facts) {
        List<Fact<E>> taken = new ArrayList<>(facts.all().size());
        for (Fact<?> fact : facts.all()) {
            for (Class<? extends E> folded : model.facts()) {
                if (folded.isInstance(fact.event())) {
                    taken.add((Fact<E>) fact);
                    break;
                }
            }
        }
        return taken;
    }

    Rows rows() {
        return rows;
    }

    /** Rows that have changed since the last time they were written. */
    public int pending() {
        return rows.sets().stream().mapToInt(set -> set.changed().size()).sum();
    }

    /** Writes what has changed since the last time. */
    public void flush(RowSink sink) {
        model.tables().forEach(table -> rows.of(table).flush(sink));
    }
}
