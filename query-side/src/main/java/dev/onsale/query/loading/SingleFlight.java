package dev.onsale.query.loading;

import com.github.benmanes.caffeine.cache.AsyncCache;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cache whose entries are loaded by one caller while the others wait. The caller loads in its own thread, so that it sees
 * what its transaction has written.
 */
public final class SingleFlight<K, V> {

    private final AsyncCache<K, V> cache;

    public SingleFlight(AsyncCache<K, V> cache) {
        this.cache = cache;
    }

    /**
     * @param load may return {@code null}, which is not remembered
     * @throws dev.onsale.api.RefusedException with {@code TEMPORARILY_UNAVAILABLE} if the one who loads takes too long
     */
    public @Nullable V get(K key, Function<K, @Nullable V> load) {
        CompletableFuture<V> mine = new CompletableFuture<>();
        CompletableFuture<V> other = cache.asMap().putIfAbsent(key, mine);
        while (other != null) {
            V loaded = RequestCoalescer.await(other.<@Nullable V>handle((value, failure) -> value));
            if (loaded != null) {
                return loaded;
            }
            // The other one failed, or its transaction does not see what this one may see.
            other = cache.asMap().putIfAbsent(key, mine);
        }
        return load(key, load, mine);
    }

    @SuppressWarnings("NullAway") // An entry that ends with null is forgotten.
    private static <K, V> @Nullable V load(K key, Function<K, @Nullable V> load, CompletableFuture<V> waiting) {
        try {
            V loaded = load.apply(key);
            waiting.complete(loaded);
            return loaded;
        } catch (RuntimeException | Error failure) {
            waiting.completeExceptionally(failure);
            throw failure;
        }
    }
}
