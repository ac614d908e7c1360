package dev.onsale.query.readmodel;

import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows that a fold works on. Used by one thread. */
public final class Rows {

    private final Map<Table<?, ?>, RowSet<?, ?>> sets = new HashMap<>();
    private ConsumptionOutcomes outcomes = new ConsumptionOutcomes();

    Rows(List<Table<?, ?>> tables, EntityManager entities, String suffix, boolean complete) {
        tables.forEach(table -> sets.put(table, new RowSet<>(table, entities, suffix, complete)));
    }

    public <K, R> @Nullable R find(Table<K, R> table, K key) {
        return of(table).rows().get(key);
    }

    /**
     * @param first makes the row before its first fact; {@code null} if there can be none yet
     */
    public <K, R> @Nullable R findOrAdd(Table<K, R> table, K key, Function<K, @Nullable R> first) {
        return of(table).rows().computeIfAbsent(key, first);
    }

    public <K, R> void add(Table<K, R> table, K key, R row) {
        of(table).rows().put(key, row);
    }

    /** Lets the row be written. */
    public <K, R> void changed(Table<K, R> table, K key, R row) {
        of(table).changed().put(key, row);
    }

    /** What has changed since it was written last. */
    public <R> Collection<R> changed(Table<?, R> table) {
        return List.copyOf(of(table).changed().values());
    }

    public ConsumptionOutcomes outcomes() {
        return outcomes;
    }

    void outcomes(ConsumptionOutcomes counted) {
        outcomes = counted;
    }

    @SuppressWarnings("unchecked") // A set is made for its table.
    <K, R> RowSet<K, R> of(Table<K, R> table) {
        return (RowSet<K, R>) Objects.requireNonNull(sets.get(table), table.name());
    }

    Collection<RowSet<?, ?>> sets() {
        return sets.values();
    }
}
