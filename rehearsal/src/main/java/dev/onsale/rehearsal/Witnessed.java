package dev.onsale.rehearsal;

import dev.onsale.proof.invariant.Findings;
import dev.onsale.proof.invariant.Invariant;
import dev.onsale.proof.verify.Proof;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the exports prove against the seals that the witness noted. Not thread-safe. */
final class Witnessed {

    private final long first;
    private final long last;
    private int exports;
    private long eventsAnchored;
    private boolean anchored = true;

    /**
     * @param first number of the seal that was noted before the sale
     * @param last number of the newest that was noted
     */
    Witnessed(long first, long last) {
        this.first = first;
        this.last = last;
    }

    /** The first seal was noted before the sale: it must cover none of its events. */
    void add(String sale, Proof.Proven proven, Findings findings) {
        exports++;
        anchored &= "anchored".equals(proven.level());
        eventsAnchored += proven.eventsAnchored();
        if (proven.eventsBefore() != 0) {
            findings.add(
                    Invariant.EXPORT_VERIFIES,
                    "The witness's first seal, " + first + ", is not proven to be older than sale " + sale);
        }
    }

    long first() {
        return first;
    }

    long last() {
        return last;
    }

    long eventsAnchored() {
        return eventsAnchored;
    }

    /** The level that all exports reached; absent if one failed. */
    @Nullable
    String level() {
        return anchored && exports > 0 ? "anchored" : null;
    }

    /** One line for people. */
    String words() {
        return String.format(
                Locale.ROOT,
                "anchored: %d exports continue seal %d, noted before the sale by a witness in a process of its own, and"
                        + " seal %d, which covers %,d events of them",
                exports,
                first,
                last,
                eventsAnchored);
    }
}
