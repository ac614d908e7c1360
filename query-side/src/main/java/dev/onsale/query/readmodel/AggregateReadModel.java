package dev.onsale.query.readmodel;

import dev.onsale.api.OnsaleEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A read model with one row for each aggregate. */
public abstract class AggregateReadModel<E extends OnsaleEvent, R extends VersionedRow> extends ReadModel<E> {

    private final Table<String, R> table;
    private final String aggregate;

    /**
     * @param aggregate its kind, for people
     */
    protected AggregateReadModel(ReadModelName name, Class<E> facts, Table<String, R> table, String aggregate) {
        super(name, List.of(facts), table);
        this.table = table;
        this.aggregate = aggregate;
    }

    /** The key of the aggregate's row. */
    protected abstract String key(E event);

    /** The row before its first fact; {@code null} if a row cannot begin with this fact. */
    protected abstract @Nullable R first(Fact<E> fact);

    protected abstract void become(R row, E event);

    @Override
    protected final void keys(E event, Keys keys) {
        keys.add(table, key(event));
    }

    @Override
    protected final void fold(Fact<E> fact, Rows rows) {
        String key = key(fact.event());
        R row = rows.findOrAdd(table, key, unknown -> first(fact));
        if (row == null) {
            throw new FactOutOfPlaceException(fact, aggregate);
        }
        if (row.takes(fact, rows.outcomes())) {
            become(row, fact.event());
            rows.changed(table, key, row);
        }
    }
}
