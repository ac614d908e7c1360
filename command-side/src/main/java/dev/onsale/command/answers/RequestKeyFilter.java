package dev.onsale.command.answers;

import dev.onsale.platform.idempotency.RequestKey;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which names have answers, from memory: "no" is certain, one "yes" in a hundred is wrong and costs a look-up. Two Bloom
 * filters take turns, so that what is over is forgotten at the latest after twice the time that answers are kept.
 */
final class RequestKeyFilter {

    /** With 16 bits a name and 4 bits set, fewer than 1 in 400 is taken for another while one filter is full. */
    private static final int BITS_PER_NAME = 16;

    private static final int BITS_SET = 4;

    private final int words;
    private volatile Filters filters;
    private volatile boolean complete;

    private record Filters(AtomicLongArray current, AtomicLongArray previous) {}

    RequestKeyFilter(int expected) {
        long bits = Long.highestOneBit(Math.max(1024L, (long) expected * BITS_PER_NAME - 1)) * 2;
        words = Math.toIntExact(bits / Long.SIZE);
        filters = new Filters(new AtomicLongArray(words), new AtomicLongArray(0));
    }

    /** Everything that is stored has been added; until then everything may be. */
    void complete() {
        complete = true;
    }

    boolean isComplete() {
        return complete;
    }

    void add(RequestKey name) {
        AtomicLongArray current = filters.current();
        for (int i = 0; i < BITS_SET; i++) {
            long bit = bit(name, i);
            int word = (int) (bit >>> 6);
            long mask = 1L << bit;
            if ((current.getPlain(word) & mask) == 0) {
                current.accumulateAndGet(word, mask, (old, set) -> old | set);
            }
        }
    }

    boolean mayHave(RequestKey name) {
        Filters both = filters;
        return !complete || has(both.current(), name) || has(both.previous(), name);
    }

    /** What is added from now on will be remembered when what was added before the last turn is forgotten. */
    void turn() {
        filters = new Filters(new AtomicLongArray(words), filters.current());
    }

    private boolean has(AtomicLongArray filter, RequestKey name) {
        if (filter.length() == 0) {
            return false;
        }
        for (int i = 0; i < BITS_SET; i++) {
            long bit = bit(name, i);
            if ((filter.get((int) (bit >>> 6)) & (1L << bit)) == 0) {
                return false;
            }
        }
        return true;
    }

    /** The name is a hash already: its two halves make as many positions as are wanted. */
    private long bit(RequestKey name, int i) {
        return (name.high() + i * (name.low() | 1)) & ((long) words * Long.SIZE - 1);
    }
}
