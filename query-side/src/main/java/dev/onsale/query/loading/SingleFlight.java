package dev.onsale.query.loading;

import com.github.benmanes.caffeine.cache.Cache;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cache whose entries are loaded by one caller while the others wait. Caffeine's own loading holds a monitor: before
 * JDK 24 a virtual thread that waits for one keeps its carrier, and the loader may need that carrier to go on.
 */
public final class SingleFlight<K, V> {

    private static final int STRIPES = 64;
    private static final Duration WAIT_MAX = Duration.ofSeconds(10);

    private final Cache<K, V> cache;
    private final ReentrantLock[] locks = new ReentrantLock[STRIPES];

    public SingleFlight(Cache<K, V> cache) {
        this.cache = cache;
        Arrays.setAll(locks, stripe -> new ReentrantLock());
    }

    /**
     * @param load may return {@code null}, which is not remembered
     * @throws RefusedException with {@code TEMPORARILY_UNAVAILABLE} if the one who loads takes too long
     */
    public @Nullable V get(K key, Function<K, @Nullable V> load) {
        V present = cache.getIfPresent(key);
        if (present != null) {
            return present;
        }
        ReentrantLock lock = locks[Math.floorMod(key.hashCode(), STRIPES)];
        acquire(lock);
        try {
            V meanwhile = cache.getIfPresent(key);
            if (meanwhile != null) {
                return meanwhile;
            }
            V loaded = load.apply(key);
            if (loaded != null) {
                cache.put(key, loaded);
            }
            return loaded;
        } finally {
            lock.unlock();
        }
    }

    private static void acquire(ReentrantLock lock) {
        try {
            if (lock.tryLock(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new RefusedException(RefusalCode.TEMPORARILY_UNAVAILABLE, "Too many wait for the same answer");
    }
}
