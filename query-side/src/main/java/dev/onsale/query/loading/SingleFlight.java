package dev.onsale.query.loading;

import com.github.benmanes.caffeine.cache.Cache;
import dev.onsale.api.RefusedException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A cache whose entries are loaded by one caller while the others wait. */
public final class SingleFlight<K, V> {

    private final Cache<K, V> cache;
    private final KeyLocks<K> locks = new KeyLocks<>();

    public SingleFlight(Cache<K, V> cache) {
        this.cache = cache;
    }

    /**
     * @param load may return {@code null}, which is not remembered
     * @throws RefusedException with {@code TEMPORARILY_UNAVAILABLE} if the one who loads takes too long
     */
    public @Nullable V get(K key, Function<K, @Nullable V> load) {
        V present = cache.getIfPresent(key);
        return present != null ? present : locks.<@Nullable V>alone(key, () -> loadUnlessPresent(key, load));
    }

    private @Nullable V loadUnlessPresent(K key, Function<K, @Nullable V> load) {
        V meanwhile = cache.getIfPresent(key);
        if (meanwhile != null) {
            return meanwhile;
        }
        V loaded = load.apply(key);
        if (loaded != null) {
            cache.put(key, loaded);
        }
        return loaded;
    }
}
