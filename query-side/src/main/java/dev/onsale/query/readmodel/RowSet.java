package dev.onsale.query.readmodel;

import jakarta.persistence.EntityManager;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rows of one table that a fold works on: in memory as long as they are not too many, else in the table. So a fact
 * costs no round trip, and the memory does not grow with the log.
 */
final class RowSet<K, R> {

    private static final int ROWS_MAX = 100_000;
    private static final int KEYS_AT_ONCE = 1_000;

    private final Table<K, R> table;
    private final EntityManager entities;
    private final String suffix;
    private final GuardedUpsert<R> upsert;
    private final Map<K, R> rows = new HashMap<>();
    private final Map<K, R> changed = new LinkedHashMap<>();
    private final Set<K> wanted = new LinkedHashSet<>();
    private boolean complete;

    /**
     * @param suffix of the name of the table beside the live one, or nothing for the live one
     * @param complete whether the table has no other rows than those in memory
     */
    RowSet(Table<K, R> table, EntityManager entities, String suffix, boolean complete) {
        this.table = table;
        this.entities = entities;
        this.suffix = suffix;
        this.upsert = table.upsert(suffix);
        this.complete = complete;
    }

    boolean isComplete() {
        return complete;
    }

    void want(K key) {
        if (!complete && !rows.containsKey(key)) {
            wanted.add(key);
        }
    }

    /** Reads the rows that are wanted, if there are any. */
    void fetch() {
        List<K> keys = List.copyOf(wanted);
        wanted.clear();
        for (int from = 0; from < keys.size(); from += KEYS_AT_ONCE) {
            rows.putAll(table.load(entities, suffix, keys.subList(from, Math.min(keys.size(), from + KEYS_AT_ONCE))));
        }
    }

    Map<K, R> rows() {
        return rows;
    }

    Map<K, R> changed() {
        return changed;
    }

    void flush(RowSink sink) {
        sink.write(upsert, table.inOrder(changed.values()));
        changed.clear();
        if (rows.size() > ROWS_MAX) {
            rows.clear();
            complete = false;
        }
    }
}
