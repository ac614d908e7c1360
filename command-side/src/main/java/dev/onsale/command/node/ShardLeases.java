package dev.onsale.command.node;

import dev.onsale.command.store.Shards;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The shards of this node in memory. They count only while the lease is trusted: from the begin of a renewal for the time that the
 * lease lasts, less a margin, by the monotonic clock of this process. Another node takes a shard over only after it has seen no
 * renewal for that time by its own monotonic clock, so no clock has to be right. Thread-safe.
 */
final class ShardLeases {

    private final AtomicLongArray epochs = new AtomicLongArray(Shards.COUNT);
    private final AtomicIntegerArray closed = new AtomicIntegerArray(Shards.COUNT);
    private final AtomicIntegerArray busy = new AtomicIntegerArray(Shards.COUNT);
    private final long trustedNanos;
    private volatile long trustedUntil = System.nanoTime();

    ShardLeases(Duration trusted) {
        this.trustedNanos = trusted.toNanos();
    }

    /** The lease was renewed by a call that began at this instant of {@link System#nanoTime()}. */
    void renewed(long begun) {
        trustedUntil = begun + trustedNanos;
    }

    void distrust() {
        trustedUntil = System.nanoTime();
    }

    boolean isTrusted() {
        return System.nanoTime() - trustedUntil < 0;
    }

    /** The epoch of a shard of this node, 0 for one of another node. */
    void set(int shard, long epoch) {
        epochs.set(shard, epoch);
        closed.set(shard, 0);
    }

    void loseAll() {
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            set(shard, 0);
        }
    }

    long epoch(int shard) {
        long epoch = epochs.get(shard);
        return epoch != 0 && isTrusted() ? epoch : 0;
    }

    boolean enter(int shard) {
        // Counted in first: whoever closes the shard then looks at the count.
        busy.incrementAndGet(shard);
        if (closed.get(shard) == 0 && epoch(shard) != 0) {
            return true;
        }
        busy.decrementAndGet(shard);
        return false;
    }

    void leave(int shard) {
        busy.decrementAndGet(shard);
    }

    /** Takes no more commands for the shard. Those inside are decided. */
    void close(int shard) {
        closed.set(shard, 1);
    }

    boolean isBusy(int shard) {
        return busy.get(shard) > 0;
    }

    int owned() {
        int owned = 0;
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            owned += epochs.get(shard) == 0 ? 0 : 1;
        }
        return owned;
    }
}
