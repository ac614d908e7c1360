package dev.onsale.command.bus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.axonframework.eventsourcing.SnapshotTrigger;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates that were decided on lately, by their identifiers, bounded in number and in bytes.
 *
 * <p>They are kept in a few maps by age: the newest takes all entries until it is full, and with the oldest all of its entries
 * go at once; an entry that is found in an older one moves to the newest. Entries that come by tens of thousands a second
 * and live for seconds are what a garbage collector copies: so nothing links them to each other, and no policy has an entry
 * of its own for each. Large aggregates are few and are kept apart, so that one of them does not push out thousands.
 *
 * <p>An aggregate is used by one writer at a time: an entry does not change while it moves between the maps.
 */
public final class AggregateCache {

    private static final int AGES = 8;

    /** From this size on an aggregate is kept apart. */
    static final long LARGE_BYTES = 16 * 1024;

    /** Of an aggregate that does not know its own size, with what the maps need for it. */
    static final long SMALL_BYTES = 768;

    /** The part of all bytes that is for the small ones. */
    private static final int SMALL_SHARE = 4;

    private final int entriesPerAge;
    private final long bytesPerAge;
    private final LargeAggregates large;

    /** The newest first. Replaced as a whole. */
    private volatile List<Age> ages;

    /**
     * An aggregate as it is between two units of work.
     *
     * @param root the aggregate itself
     * @param version sequence number of its newest fact, or {@link #NO_FACT}
     * @param snapshots what counts its facts
     * @param bytes estimate of the heap that it keeps alive
     * @param epoch of its shard; under another epoch it may be stale
     */
    record Kept(Object root, long version, SnapshotTrigger snapshots, long bytes, long epoch) {

        /** Of a new aggregate whose command was refused: it is not in the store. */
        static final long NO_FACT = -1;

        Kept(Object root, long version, SnapshotTrigger snapshots) {
            this(root, version, snapshots, 0);
        }

        Kept(Object root, long version, SnapshotTrigger snapshots, long epoch) {
            this(
                    root,
                    version,
                    snapshots,
                    SMALL_BYTES + (root instanceof MemorySized sized ? sized.memoryBytes() : 0),
                    epoch);
        }
    }

    /** Entries that came within the same stretch of time. */
    private static final class Age {

        private final Map<String, Kept> entries = new ConcurrentHashMap<>();
        private final AtomicInteger added = new AtomicInteger();
        private final AtomicLong bytes = new AtomicLong();
    }

    /** @param entriesMax aggregates kept; beyond it those that were used least lately go, an eighth at once */
    public AggregateCache(long entriesMax) {
        this(entriesMax, CacheProperties.defaults().aggregatesBytesMax());
    }

    /**
     * @param entriesMax small aggregates kept; beyond it those that were used least lately go, an eighth at once
     * @param bytesMax estimated size of all aggregates together; a quarter of it is for the small ones
     */
    public AggregateCache(long entriesMax, long bytesMax) {
        entriesPerAge = Math.toIntExact(Math.max(1, entriesMax / AGES));
        bytesPerAge = Math.max(1, bytesMax / SMALL_SHARE / AGES);
        large = new LargeAggregates(bytesMax - bytesMax / SMALL_SHARE);
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
        if (kept == null) {
            kept = large.get(id);
        }
        for (int age = 1; kept == null && age < AGES; age++) {
            kept = now.get(age).entries.remove(id);
            if (kept != null) {
                now.get(age).bytes.addAndGet(-kept.bytes());
                put(id, kept);
            }
        }
        return kept;
    }

    void put(String id, Kept kept) {
        if (kept.bytes() >= LARGE_BYTES) {
            large.put(id, kept);
            removeSmall(id);
        } else {
            putSmall(id, kept);
            large.remove(id);
        }
    }

    private void putSmall(String id, Kept kept) {
        Age newest = ages.getFirst();
        // Of two copies the newer one is found first.
        Kept before = newest.entries.put(id, kept);
        long more = kept.bytes() - (before == null ? 0 : before.bytes());
        boolean heavy = more != 0 && newest.bytes.addAndGet(more) >= bytesPerAge;
        boolean full = before == null && newest.added.incrementAndGet() == entriesPerAge;
        if (heavy || full) {
            age(newest);
        }
    }

    /** Nothing if another writer has done it already. */
    private synchronized void age(Age full) {
        if (ages.getFirst() == full) {
            List<Age> next = new ArrayList<>();
            next.add(new Age());
            next.addAll(ages.subList(0, AGES - 1));
            ages = List.copyOf(next);
        }
    }

    void remove(String id) {
        removeSmall(id);
        large.remove(id);
    }

    private void removeSmall(String id) {
        for (Age age : ages) {
            Kept removed = age.entries.remove(id);
            if (removed != null) {
                age.bytes.addAndGet(-removed.bytes());
            }
        }
    }

    public synchronized void removeAll() {
        ages = fresh();
        large.removeAll();
    }

    /** Estimated size of all that is kept. */
    long bytes() {
        return large.bytes() + ages.stream().mapToLong(age -> age.bytes.get()).sum();
    }

    /** How many are kept. */
    long count() {
        return large.count()
                + ages.stream().mapToLong(age -> age.entries.size()).sum();
    }

    boolean contains(String id) {
        return find(id) != null;
    }

    /** Whether an aggregate of this epoch is kept. */
    boolean contains(String id, long epoch) {
        Kept kept = find(id);
        return kept != null && kept.epoch() == epoch;
    }

    private @Nullable Kept find(String id) {
        for (Age age : ages) {
            Kept kept = age.entries.get(id);
            if (kept != null) {
                return kept;
            }
        }
        return large.get(id);
    }
}
