package dev.onsale.eventlog.tail;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The readers that want to be woken, each at once or after a delay in which more may come. Thread-safe. */
final class TailWakers {

    private static final Logger log = LoggerFactory.getLogger(TailWakers.class);

    private final List<Waker> all = new CopyOnWriteArrayList<>();

    /** One reader. */
    static final class Waker {

        private static final long NOT_DUE = Long.MAX_VALUE;

        private final Runnable action;
        private final long delayNanos;
        private long dueAt = NOT_DUE;

        private Waker(Runnable action, Duration delay) {
            this.action = action;
            this.delayNanos = delay.toNanos();
        }

        private boolean isImmediate() {
            return delayNanos == 0;
        }

        /** Whether the reader becomes due later, and was not to before. */
        private synchronized boolean becomesDue(long now) {
            if (dueAt != NOT_DUE) {
                return false;
            }
            dueAt = now + delayNanos;
            return true;
        }

        private void wake() {
            try {
                action.run();
            } catch (RuntimeException stopping) {
                log.debug("A reader of the log could not be woken", stopping);
            }
        }

        private synchronized boolean takeDue(long now) {
            boolean due = dueAt != NOT_DUE && dueAt - now <= 0;
            dueAt = due ? NOT_DUE : dueAt;
            return due;
        }

        private synchronized long nanosLeft(long now) {
            return dueAt == NOT_DUE ? NOT_DUE : Math.max(1, dueAt - now);
        }
    }

    Waker add(Runnable action, Duration delay) {
        Waker waker = new Waker(action, delay);
        all.add(waker);
        return waker;
    }

    void remove(Waker waker) {
        all.remove(waker);
    }

    /** Wakes those without a delay; whether another becomes due that was not before. */
    boolean wakeAll() {
        long now = System.nanoTime();
        boolean becomesDue = false;
        for (Waker waker : all) {
            if (waker.isImmediate()) {
                waker.wake();
            } else {
                becomesDue |= waker.becomesDue(now);
            }
        }
        return becomesDue;
    }

    void wakeDue() {
        long now = System.nanoTime();
        for (Waker waker : all) {
            if (waker.takeDue(now)) {
                waker.wake();
            }
        }
    }

    long nanosToNext() {
        long now = System.nanoTime();
        long next = Long.MAX_VALUE;
        for (Waker waker : all) {
            next = Math.min(next, waker.nanosLeft(now));
        }
        return next;
    }
}
