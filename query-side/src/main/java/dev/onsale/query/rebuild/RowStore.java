package dev.onsale.query.rebuild;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The rows that a rebuild works on: in memory as long as they are not too many, else in the table. So a fact costs no round
 * trip, and the memory does not grow with the log.
 */
public final class RowStore<K, R> {

    private static final int ROWS_MAX = 100_000;
    private static final int KEYS_AT_ONCE = 1_000;

    private final Function<Collection<K>, Map<K, R>> load;
    private final Map<K, R> rows = new HashMap<>();
    private final Map<K, R> changed = new LinkedHashMap<>();
    private boolean all;

    /**
     * @param fromNothing whether the table is empty
     * @param load reads rows by their keys, at most 1,000 of them
     */
    public RowStore(boolean fromNothing, Function<Collection<K>, Map<K, R>> load) {
        this.all = fromNothing;
        this.load = load;
    }

    /**
     * Makes sure that the rows of these keys are at hand, if there are any.
     *
     * @param keys not asked while every row is at hand
     */
    public void fetch(Supplier<? extends Collection<K>> keys) {
        if (all) {
            return;
        }
        List<K> missing = keys.get().stream()
                .filter(key -> !rows.containsKey(key))
                .distinct()
                .toList();
        for (int from = 0; from < missing.size(); from += KEYS_AT_ONCE) {
            rows.putAll(load.apply(missing.subList(from, Math.min(missing.size(), from + KEYS_AT_ONCE))));
        }
    }

    public Map<K, R> rows() {
        return rows;
    }

    /** What a fold puts the rows into that it has changed. */
    public Map<K, R> changed() {
        return changed;
    }

    public void flush(Consumer<Collection<R>> write) {
        write.accept(new ArrayList<>(changed.values()));
        changed.clear();
        if (rows.size() > ROWS_MAX) {
            rows.clear();
            all = false;
        }
    }
}
