package dev.onsale.query.readmodel;

import dev.onsale.api.OnsaleEvent;
import java.util.List;

/**
 * Tables and the fold of facts into their rows. The same fold runs live and in a rebuild, so it reads and writes nothing
 * but the rows it is given, and reads no clock.
 */
public abstract class ReadModel<E extends OnsaleEvent> {

    private final ReadModelName name;
    private final List<Class<? extends E>> facts;
    private final List<Table<?, ?>> tables;

    /**
     * @param facts classes of the facts that it folds; others are not even read
     * @param tables in the order in which they are written
     */
    protected ReadModel(ReadModelName name, List<Class<? extends E>> facts, Table<?, ?>... tables) {
        this.name = name;
        this.facts = List.copyOf(facts);
        this.tables = List.of(tables);
    }

    /** Names the rows that the fold of an event looks at, so that they are read before. */
    protected abstract void keys(E event, Keys keys);

    /**
     * Folds the next fact. A fact that its rows have seen changes nothing.
     *
     * @throws FactOutOfPlaceException if the fact has nothing to stand on
     */
    protected abstract void fold(Fact<E> fact, Rows rows);

    /** Runs in the transaction of a live batch, after the fold and before the rows are written. A rebuild does not call it. */
    protected void folded(List<Fact<E>> batch, Rows rows) {}

    ReadModelName id() {
        return name;
    }

    /** For people and addresses, such as {@code seat-map}. */
    public final String name() {
        return name.text();
    }

    public final ConsumerGroup group() {
        return name.group();
    }

    public final List<Class<? extends E>> facts() {
        return facts;
    }

    public final List<Table<?, ?>> tables() {
        return tables;
    }
}
