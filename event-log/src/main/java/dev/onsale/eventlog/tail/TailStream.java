package dev.onsale.eventlog.tail;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the tail. Its tokens are those of Axon's store: positions that were passed over are gaps of the token for a while,
 * and are looked at again, so that a transaction that was slower than expected is told late and never lost. Used by one thread
 * at a time.
 */
final class TailStream implements TrackingEventStream {

    private static final int ENTRIES_AT_ONCE = 500;

    /** Gaps further back than this leave the token. */
    private static final int GAP_OFFSET_MAX = 10_000;

    private static final long GAPS_LOOKED_AT_EVERY = TimeUnit.SECONDS.toNanos(1);
    private static final long GAPS_KEPT = LogTail.TRANSACTION_MAX.toNanos();

    private final LogTail tail;
    private final Function<LogEntry, List<? extends DomainEventMessage<?>>> decode;
    private final Duration wakeDelay;
    private final Deque<TrackedEventMessage<?>> ready = new ArrayDeque<>();
    private TailWakers.@Nullable Waker waker;
    private GapAwareTrackingToken token;
    private long position;
    private boolean gapsOfStartAreOpen;
    private long gapsLookedAt;
    private long gapsGrewAt = System.nanoTime();

    TailStream(
            LogTail tail,
            @Nullable TrackingToken from,
            Function<LogEntry, List<? extends DomainEventMessage<?>>> decode,
            Duration wakeDelay) {
        this.tail = tail;
        this.decode = decode;
        this.wakeDelay = wakeDelay;
        this.token = start(from);
        this.position = token.getIndex();
        this.gapsOfStartAreOpen = token.hasGaps();
    }

    private static GapAwareTrackingToken start(@Nullable TrackingToken from) {
        TrackingToken lower = from == null ? null : WrappedToken.unwrapLowerBound(from);
        if (lower == null) {
            return GapAwareTrackingToken.newInstance(0, Set.of());
        }
        if (lower instanceof GapAwareTrackingToken token) {
            return token.getIndex() < 0 ? GapAwareTrackingToken.newInstance(0, Set.of()) : token;
        }
        throw new IllegalArgumentException("The log has no place for a token of " + lower.getClass());
    }

    private void fill() {
        if (!ready.isEmpty()) {
            return;
        }
        if (token.hasGaps()) {
            lookAtGaps();
        }
        if (!ready.isEmpty() || gapsOfStartAreOpen) {
            return;
        }
        LogTail.Batch batch = tail.after(position, ENTRIES_AT_ONCE);
        batch.entries().forEach(this::add);
        position = batch.reached();
    }

    /** What was passed over may have been committed since. */
    private void lookAtGaps() {
        long now = System.nanoTime();
        if (gapsOfStartAreOpen) {
            if (tail.settledTo() < token.getIndex()) {
                return;
            }
            gapsOfStartAreOpen = false;
        } else if (now - gapsLookedAt < GAPS_LOOKED_AT_EVERY) {
            return;
        }
        gapsLookedAt = now;
        tail.at(token.getGaps()).forEach(this::add);
        if (now - gapsGrewAt > GAPS_KEPT && position >= tail.settledTo()) {
            token = GapAwareTrackingToken.newInstance(token.getIndex(), Set.of());
        }
    }

    private void add(LogEntry entry) {
        if (entry.position() > token.getIndex() + 1) {
            gapsGrewAt = System.nanoTime();
        }
        token = token.hasGaps() || entry.position() > token.getIndex() + 1
                ? token.advanceTo(entry.position(), GAP_OFFSET_MAX)
                : GapAwareTrackingToken.newInstance(entry.position(), Set.of());
        for (DomainEventMessage<?> message : decode.apply(entry)) {
            ready.add(new LogMessage<>(token, message, entry.position()));
        }
    }

    @Override
    public Optional<TrackedEventMessage<?>> peek() {
        fill();
        return Optional.ofNullable(ready.peek());
    }

    @Override
    public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
        long until = System.nanoTime() + unit.toNanos(timeout);
        fill();
        while (ready.isEmpty() && until - System.nanoTime() > 0) {
            // Gaps are looked at again once a second, whether or not something comes.
            long wait = Math.min(until - System.nanoTime(), GAPS_LOOKED_AT_EVERY);
            boolean unused = tail.awaitAfter(position, wait);
            fill();
        }
        return !ready.isEmpty();
    }

    @Override
    public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
        while (!hasNextAvailable(1, TimeUnit.MINUTES)) {
            Thread.onSpinWait();
        }
        return ready.remove();
    }

    @Override
    public boolean setOnAvailableCallback(Runnable callback) {
        close();
        waker = tail.wakers().add(callback, wakeDelay);
        return true;
    }

    @Override
    public void close() {
        if (waker != null) {
            tail.wakers().remove(waker);
            waker = null;
        }
    }
}
