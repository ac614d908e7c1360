package dev.onsale.command.bus;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onsale.command.bus.AggregateCache.Kept;
import org.jspecify.annotations.Nullable;

/**
 * The few aggregates that are large, bounded by their bytes together. One that is larger than the bound takes all of it: it is in
 * memory anyway while it decides, and reading it for each command would stop its writer.
 */
final class LargeAggregates {

    private static final int UNIT_BITS = 10;

    private final Cache<String, Kept> entries;

    LargeAggregates(long bytesMax) {
        long unitsMax = Math.max(1, bytesMax >> UNIT_BITS);
        entries = Caffeine.newBuilder()
                .maximumWeight(unitsMax)
                .<String, Kept>weigher((id, kept) -> units(kept, unitsMax))
                .executor(Runnable::run)
                .build();
    }

    private static int units(Kept kept, long unitsMax) {
        long units = Math.max(1, kept.bytes() >> UNIT_BITS);
        return (int) Math.min(Math.min(units, unitsMax), Integer.MAX_VALUE);
    }

    @Nullable
    Kept get(String id) {
        return entries.getIfPresent(id);
    }

    void put(String id, Kept kept) {
        entries.put(id, kept);
    }

    void remove(String id) {
        if (!entries.asMap().isEmpty()) {
            entries.invalidate(id);
        }
    }

    void removeAll() {
        entries.invalidateAll();
    }

    long count() {
        return entries.asMap().size();
    }

    long bytes() {
        return entries.asMap().values().stream().mapToLong(Kept::bytes).sum();
    }
}
