package dev.onsale.eventlog.tail;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.jspecify.annotations.Nullable;

/**
 * The tail of the log, one per process. The writer of this process offers what it has committed; what other processes commit is
 * read as rows by {@link #poll}. Readers get entries up to the settled position only: up to it every position is committed or
 * will stay empty. So no reader sees an entry behind an open gap. Thread-safe.
 */
public final class LogTail {

    static final Duration TRANSACTION_MAX = Duration.ofMinutes(2);

    private static final int ENTRIES_MAX = 8_192;
    private static final long BYTES_MAX = 16L << 20;
    private static final int ROWS_AT_ONCE = 2_000;

    private final TailRows rows;
    private final Clock clock;
    private final OpenGaps gaps;
    private final TailWakers wakers = new TailWakers();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition hinted = lock.newCondition();
    private final Condition appended = lock.newCondition();
    private final ReentrantLock polling = new ReentrantLock();
    private final EntryRing ring = new EntryRing(ENTRIES_MAX, BYTES_MAX);
    private boolean started;
    private boolean hint;
    /** The poller has to look again at when it is to wake whom. */
    private boolean signalled;

    private volatile long settledTo;

    /**
     * @param gapPatience how long a gap must have been seen before it may count as a transaction that was rolled back
     */
    public LogTail(DataSource dataSource, Clock clock, Duration gapPatience) {
        this.rows = new TailRows(dataSource);
        this.clock = clock;
        this.gaps = new OpenGaps(rows, clock, gapPatience, TRANSACTION_MAX);
    }

    /** Entries after a position, and up to where that is all there is. */
    record Batch(List<LogEntry> entries, long reached) {}

    /**
     * Takes what this process has just committed.
     *
     * @param firstPosition of the first; the others follow without a gap
     */
    public void offer(long firstPosition, List<GenericDomainEventEntry<byte[]>> committed) {
        List<LogEntry> entries = new ArrayList<>(committed.size());
        for (int index = 0; index < committed.size(); index++) {
            entries.add(new LogEntry(firstPosition + index, committed.get(index)));
        }
        lock.lock();
        try {
            if (!started || firstPosition != settledTo + 1) {
                // Another process has written before it, or a transaction was rolled back: the rows decide.
                hint();
                return;
            }
            append(entries, firstPosition + entries.size() - 1);
        } finally {
            lock.unlock();
        }
        wake();
    }

    private void wake() {
        if (wakers.wakeAll()) {
            signal(false);
        }
    }

    /** Something was committed whose positions are not known here. */
    public void hint() {
        signal(true);
    }

    private void signal(boolean isHint) {
        lock.lock();
        try {
            signalled = true;
            hint = hint || isHint;
            hinted.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void append(List<LogEntry> entries, long settled) {
        entries.forEach(ring::add);
        settledTo = settled;
        appended.signalAll();
    }

    /**
     * Reads what others have committed.
     *
     * @return whether there may be more to read at once
     */
    public boolean poll() {
        polling.lock();
        try {
            if (!started) {
                startAt(rows.lastBefore(clock.instant().minus(TRANSACTION_MAX)));
            }
            long from = settledTo;
            List<LogEntry> found = rows.between(from, Long.MAX_VALUE, ROWS_AT_ONCE);
            if (found.size() == ROWS_AT_ONCE && isOld(found.getLast())) {
                // Nobody has polled for long.
                startAt(rows.lastBefore(clock.instant().minus(TRANSACTION_MAX)));
                return true;
            }
            List<LogEntry> settled = gaps.settled(from, found);
            if (append(settled)) {
                wake();
            }
            return settled.size() == ROWS_AT_ONCE;
        } finally {
            polling.unlock();
        }
    }

    private boolean isOld(LogEntry entry) {
        return entry.occurredAt().isBefore(clock.instant().minus(TRANSACTION_MAX));
    }

    private void startAt(long position) {
        lock.lock();
        try {
            if (!started || position > settledTo) {
                ring.restart(position);
                settledTo = position;
                started = true;
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean append(List<LogEntry> settled) {
        if (settled.isEmpty()) {
            return false;
        }
        lock.lock();
        try {
            // What was offered meanwhile is there already.
            List<LogEntry> fresh = settled.stream()
                    .filter(entry -> entry.position() > settledTo)
                    .toList();
            if (fresh.isEmpty()) {
                return false;
            }
            append(fresh, fresh.getLast().position());
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Wakes the readers that are due, and waits for a hint.
     *
     * @param max at most so long
     */
    public void awaitHint(Duration max) throws InterruptedException {
        long until = System.nanoTime() + max.toNanos();
        boolean over = false;
        while (!over) {
            wakers.wakeDue();
            over = isHintedWithin(Math.min(until - System.nanoTime(), wakers.nanosToNext()))
                    || until - System.nanoTime() <= 0;
        }
    }

    private boolean isHintedWithin(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!signalled && left > 0) {
                left = hinted.awaitNanos(left);
            }
            boolean hintedNow = hint;
            signalled = false;
            hint = false;
            return hintedNow;
        } finally {
            lock.unlock();
        }
    }

    /** Up to here, every position is committed or will stay empty; 0 before the first {@link #poll}. */
    public long settledTo() {
        return settledTo;
    }

    /** Age of the oldest entry after a position, by the time of the event; zero if there is none. */
    public Duration lagAfter(long position) {
        List<LogEntry> next = after(position, 1).entries();
        if (next.isEmpty()) {
            return Duration.ZERO;
        }
        Duration age = Duration.between(next.getFirst().occurredAt(), clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** As {@link #settledTo()}, after a look at the rows. */
    public long settledNow() {
        while (poll()) {
            Thread.onSpinWait();
        }
        return settledTo;
    }

    Batch after(long position, int limit) {
        long to;
        lock.lock();
        try {
            to = settledTo;
            if (position >= to) {
                return new Batch(List.of(), position);
            }
            if (ring.covers(position)) {
                return batch(ring.after(position, limit), limit, to);
            }
        } finally {
            lock.unlock();
        }
        return batch(rows.between(position, to, limit), limit, to);
    }

    private static Batch batch(List<LogEntry> entries, int limit, long to) {
        return new Batch(
                entries, entries.size() < limit ? to : entries.getLast().position());
    }

    List<LogEntry> at(Collection<Long> positions) {
        return rows.at(positions);
    }

    TailWakers wakers() {
        return wakers;
    }

    /** Waits until something after a position is settled. */
    boolean awaitAfter(long position, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lock();
        try {
            while (settledTo <= position && left > 0) {
                left = appended.awaitNanos(left);
            }
            return settledTo > position;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A stream of all facts after a token.
     *
     * @param token of any stream of this log; {@code null} for the beginning
     * @param wakeDelay how long facts are collected before the reader is woken
     */
    public TrackingEventStream open(
            @Nullable TrackingToken token, Serializer serializer, EventUpcaster upcasters, Duration wakeDelay) {
        return new TailStream(this, token, entry -> entry.messages(serializer, upcasters), wakeDelay);
    }
}
