package dev.onsale.query.loading;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one caller per key work while the others wait. No monitors: before JDK 24 a virtual thread that waits for one keeps
 * its carrier, and the one who works may need that carrier to go on.
 */
public final class KeyLocks<K> {

    private static final int STRIPES = 64;
    private static final Duration WAIT_MAX = Duration.ofSeconds(10);

    private final ReentrantLock[] locks = new ReentrantLock[STRIPES];

    public KeyLocks() {
        Arrays.setAll(locks, stripe -> new ReentrantLock());
    }

    /**
     * @throws RefusedException with {@code TEMPORARILY_UNAVAILABLE} if the turn does not come in time
     */
    public <V extends @Nullable Object> V alone(K key, Supplier<V> work) {
        ReentrantLock lock = locks[Math.floorMod(key.hashCode(), STRIPES)];
        acquire(lock);
        try {
            return work.get();
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
