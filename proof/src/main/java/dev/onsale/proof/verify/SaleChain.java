package dev.onsale.proof.verify;

import dev.onsale.proof.export.ExportLine;
import java.util.HashSet;
import java.util.Set;

/** Checks the hash chain of the sale: each event against its predecessor. Not thread-safe. */
final class SaleChain {

    private final Tampering tampering;
    private final SaleState state;

    /**
     * The links that the next link may follow: the stated one and the computed one, because the stated one alone may be
     * wrong. Empty if unknown.
     */
    private Set<Hash> before = Set.of(Hash.ZERO);

    private long last;

    SaleChain(Tampering tampering, SaleState state) {
        this.tampering = tampering;
        this.state = state;
    }

    /** Applies an event. Returns whether it is at its place in the chain, even if its content does not match. */
    boolean on(ExportLine.Event event, long line) {
        if (!isInPlace(event.number(), line, name(event))) {
            return false;
        }
        Hash stated = Hash.parse(event.link());
        Hash item = Hash.event(event);
        Set<Hash> after = new HashSet<>();
        boolean follows = before.isEmpty();
        for (Hash link : before) {
            Hash computed = Hash.link(link, item);
            follows |= computed.equals(stated);
            after.add(computed);
        }
        if (!follows) {
            tampering.add(
                    name(event) + " (line " + line + ") is not what was sealed after event " + (event.number() - 1));
        }
        if (stated != null) {
            after.add(stated);
        }
        before = after;
        state.link(event.number(), event.position(), stated);
        return true;
    }

    void on(ExportLine.Missing missing, long line) {
        tampering.add("Event " + missing.number() + " at position " + missing.position() + " (line " + line
                + ") was sealed and is no longer in the store");
        if (isInPlace(missing.number(), line, "Event " + missing.number())) {
            Hash link = Hash.parse(missing.link());
            before = link == null ? Set.of() : Set.of(link);
            state.link(missing.number(), missing.position(), link);
        }
    }

    /** Skips a line that cannot be read at a place where an event is expected. */
    void unreadable() {
        last++;
        state.link(last, Long.MAX_VALUE, null);
        before = Set.of();
    }

    private boolean isInPlace(long number, long line, String name) {
        if (number <= last) {
            tampering.add(name + " (line " + line + ") is out of order: it comes after event " + last);
            return false;
        }
        if (number > last + 1) {
            tampering.add((number == last + 2
                            ? "Event " + (last + 1) + " is"
                            : "Events " + (last + 1) + " to " + (number - 1) + " are")
                    + " missing before line " + line);
            before = Set.of();
        }
        last = number;
        return true;
    }

    private static String name(ExportLine.Event event) {
        return "Event " + event.number() + ", " + event.type() + " of " + event.aggregateType() + " "
                + event.aggregateId() + " at position " + event.position();
    }

    long events() {
        return last;
    }
}
