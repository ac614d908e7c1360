package dev.onsale.command.bus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.axonframework.common.Registration;
import org.axonframework.common.caching.Cache;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates that were decided on lately, bounded in number. A rollback evicts what it touched.
 *
 * <p>They are kept in a few maps by age: the newest takes all entries until it is full, and with the oldest all of its entries
 * go at once; an entry that is found in an older one moves to the newest. Entries that come by tens of thousands a second
 * and live for seconds are what a garbage collector copies. So nothing links them to each other, and there is no entry of a
 * policy for each.
 *
 * <p>An aggregate is used by one writer at a time: what moves between the maps is not evicted meanwhile.
 */
public final class AggregateCache implements Cache {

    private static final int AGES = 4;

    private final int entriesPerAge;

    /** The newest first. Replaced as a whole. */
    private volatile List<Age> ages;

    /** Entries that came within the same stretch of time. */
    private static final class Age {

        private final Map<Object, Object> entries = new ConcurrentHashMap<>();
        private final AtomicInteger added = new AtomicInteger();
    }

    /** @param entriesMax aggregates kept; beyond it those that were used least lately go, a quarter at once */
    public AggregateCache(long entriesMax) {
        entriesPerAge = Math.toIntExact(Math.max(1, entriesMax / AGES));
        ages = fresh();
    }

    private static List<Age> fresh() {
        List<Age> fresh = new ArrayList<>();
        for (int age = 0; age < AGES; age++) {
            fresh.add(new Age());
        }
        return List.copyOf(fresh);
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // The signature is Axon's.
    public <K, V> @Nullable V get(K key) {
        List<Age> now = ages;
        Object value = now.getFirst().entries.get(key);
        for (int age = 1; value == null && age < AGES; age++) {
            value = now.get(age).entries.remove(key);
            if (value != null) {
                put(key, value);
            }
        }
        return (V) value;
    }

    @Override
    public void put(Object key, Object value) {
        List<Age> now = ages;
        Age newest = now.getFirst();
        // Of two copies the newer is found first, and the older goes with its age.
        if (newest.entries.put(key, value) == null && newest.added.incrementAndGet() == entriesPerAge) {
            age(newest);
        }
    }

    /** Only the one who filled an age up comes here, so once for each. */
    private synchronized void age(Age full) {
        List<Age> next = new ArrayList<>();
        next.add(new Age());
        next.addAll(ages.subList(0, AGES - 1));
        if (next.contains(full)) {
            ages = List.copyOf(next);
        }
    }

    @Override
    public boolean putIfAbsent(Object key, Object value) {
        if (containsKey(key)) {
            return false;
        }
        put(key, value);
        return true;
    }

    @Override
    public boolean remove(Object key) {
        boolean removed = false;
        for (Age age : ages) {
            removed |= age.entries.remove(key) != null;
        }
        return removed;
    }

    @Override
    public synchronized void removeAll() {
        ages = fresh();
    }

    @Override
    public boolean containsKey(Object key) {
        return ages.stream().anyMatch(age -> age.entries.containsKey(key));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <V> void computeIfPresent(Object key, UnaryOperator<V> update) {
        for (Age age : ages) {
            if (age.entries.computeIfPresent(key, (k, value) -> update.apply((V) value)) != null) {
                return;
            }
        }
    }

    @Override
    public Registration registerCacheEntryListener(EntryListener listener) {
        // Nobody in Onsale listens; Axon itself does so only for sagas, which are not cached here.
        throw new UnsupportedOperationException("The aggregate cache tells nobody of its entries");
    }
}
