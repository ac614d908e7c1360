package dev.onsale.platform.supervision;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rounds of one work that are under way, each with its thread and its last sign of progress. Thread-safe. */
final class Rounds {

    private static final ThreadLocal<@Nullable Round> CURRENT = new ThreadLocal<>();

    private final Set<Round> underWay = ConcurrentHashMap.newKeySet();

    private static final class Round {
        final Thread thread = Thread.currentThread();
        final @Nullable Round outer;
        volatile long lastSign = System.nanoTime();

        Round(@Nullable Round outer) {
            this.outer = outer;
        }
    }

    /** The current thread begins a round, maybe within one of another work. */
    void begin() {
        Round round = new Round(CURRENT.get());
        CURRENT.set(round);
        underWay.add(round);
    }

    /** The round that the current thread began last has ended. */
    void end() {
        Round ended = CURRENT.get();
        if (ended == null || !underWay.remove(ended)) {
            throw new IllegalStateException("This thread has not begun a round of this work");
        }
        if (ended.outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(ended.outer);
        }
    }

    /** A sign of progress of all rounds that the current thread is in. */
    static void progress() {
        long now = System.nanoTime();
        for (Round round = CURRENT.get(); round != null; round = round.outer) {
            round.lastSign = now;
        }
    }

    boolean isEmpty() {
        return underWay.isEmpty();
    }

    /** The longest time without progress of a round that is under way, zero if none is. */
    Duration silence() {
        long now = System.nanoTime();
        return Duration.ofNanos(
                underWay.stream().mapToLong(round -> now - round.lastSign).max().orElse(0));
    }

    /** The threads of the rounds without progress for longer than that. */
    Set<Thread> silentFor(Duration max) {
        long now = System.nanoTime();
        return underWay.stream()
                .filter(round -> now - round.lastSign > max.toNanos())
                .map(round -> round.thread)
                .collect(Collectors.toSet());
    }
}
