package dev.onsale.command.bus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventsourcing.SnapshotTrigger;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates that were decided on lately, by their identifiers, bounded in number.
 *
 * <p>They are kept in a few maps by age: the newest takes all entries until it is full, and with the oldest all of its entries
 * go at once; an entry that is found in an older one moves to the newest. Entries that come by tens of thousands a second
 * and live for seconds are what a garbage collector copies: so nothing links them to each other, and no policy has an entry
 * of its own for each.
 *
 * <p>An aggregate is used by one writer at a time: what moves between the maps is not changed meanwhile.
 */
public final class AggregateCache {

    private static final int AGES = 8;

    private final int entriesPerAge;

    /** The newest first. Replaced as a whole. */
    private volatile List<Age> ages;

    /**
     * An aggregate as it is between two units of work.
     *
     * @param root the aggregate itself
     * @param version sequence number of its newest fact, or {@link #NO_FACT}
     * @param snapshots what counts its facts
     */
    record Kept(Object root, long version, SnapshotTrigger snapshots) {

        /** Of one that was asked and refused: it is not in the store. */
        static final long NO_FACT = -1;
    }

    /** Entries that came within the same stretch of time. */
    private static final class Age {

        private final Map<String, Kept> entries = new ConcurrentHashMap<>();
        private final AtomicInteger added = new AtomicInteger();
    }

    /** @param entriesMax aggregates kept; beyond it those that were used least lately go, an eighth at once */
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

    @Nullable
    Kept get(String id) {
        List<Age> now = ages;
        Kept kept = now.getFirst().entries.get(id);
        for (int age = 1; kept == null && age < AGES; age++) {
            kept = now.get(age).entries.remove(id);
            if (kept != null) {
                put(id, kept);
            }
        }
        return kept;
    }

    void put(String id, Kept kept) {
        Age newest = ages.getFirst();
        // Of two copies the newer is found first, and the older goes with its age.
        if (newest.entries.put(id, kept) == null && newest.added.incrementAndGet() == entriesPerAge) {
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

    void remove(String id) {
        for (Age age : ages) {
            age.entries.remove(id);
        }
    }

    public synchronized void removeAll() {
        ages = fresh();
    }

    boolean contains(String id) {
        for (Age age : ages) {
            if (age.entries.containsKey(id)) {
                return true;
            }
        }
        return false;
    }
}
