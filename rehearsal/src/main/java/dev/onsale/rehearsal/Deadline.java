package dev.onsale.rehearsal;

import java.time.Duration;

/** A moment after which nothing new is begun. */
record Deadline(long endNanos) {

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    boolean isOver() {
        return remaining().isZero();
    }

    /** Never negative. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    /** Waits, but never beyond the end. */
    void pause(Duration wanted) throws InterruptedException {
        Duration remaining = remaining();
        Thread.sleep(wanted.compareTo(remaining) < 0 ? wanted : remaining);
    }
}
