package dev.onsale.command.answers;

import com.google.common.hash.BloomFilter;
import com.google.common.hash.Funnel;
import dev.onsale.platform.idempotency.RequestKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which request keys have answers, from memory: "no" is certain, a "yes" may be wrong and costs a look-up. Two Bloom filters
 * take turns, so that a key is forgotten at the latest after twice the time that answers are kept.
 */
final class RequestKeyFilter {

    private static final double WRONG_YES = 0.0025;
    private static final Funnel<RequestKey> KEY = (key, into) -> {
        RequestKey present = Objects.requireNonNull(key);
        into.putLong(present.high()).putLong(present.low());
    };

    private final int expected;
    private volatile Filters filters;
    private volatile boolean complete;

    private record Filters(
            BloomFilter<RequestKey> current, @Nullable BloomFilter<RequestKey> previous) {

        boolean mayHave(RequestKey key) {
            return current.mightContain(key) || (previous != null && previous.mightContain(key));
        }
    }

    RequestKeyFilter(int expected) {
        this.expected = expected;
        filters = new Filters(empty(), null);
    }

    private BloomFilter<RequestKey> empty() {
        return BloomFilter.create(KEY, expected, WRONG_YES);
    }

    /** Everything that is stored has been added; until then everything may be. */
    void complete() {
        complete = true;
    }

    boolean isComplete() {
        return complete;
    }

    void add(RequestKey key) {
        filters.current().put(key);
    }

    boolean mayHave(RequestKey key) {
        return !complete || filters.mayHave(key);
    }

    /** What is added from now on is known until the turn after the next one; what was added before this turn until the next. */
    void turn() {
        filters = new Filters(empty(), filters.current());
    }
}
