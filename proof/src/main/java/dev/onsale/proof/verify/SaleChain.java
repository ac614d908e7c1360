package dev.onsale.proof.verify;

import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.seal.Digest;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the hash chain of the sale: each event against its predecessor. Not thread-safe. */
final class SaleChain {

    private final Tampering tampering;

    /**
     * The links that the next link may follow: the stated one and the computed one, because the stated one alone may be
     * wrong. Empty if unknown.
     */
    private Set<Digest> before = Set.of(Digest.ZERO);

    private @Nullable Digest head = Digest.ZERO;
    private long last;

    SaleChain(Tampering tampering) {
        this.tampering = tampering;
    }

    /** Applies an event. Returns whether it is at its place in the chain, even if its content does not match. */
    boolean on(ExportLine.Event event, long line) {
        if (!isInPlace(event.number(), line, name(event))) {
            return false;
        }
        Digest stated = digest(event.link());
        Set<Digest> after = new HashSet<>();
        boolean follows = before.isEmpty();
        for (Digest link : before) {
            Digest computed = event.row().link(link);
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
        head = stated;
        return true;
    }

    void on(ExportLine.Missing missing, long line) {
        tampering.add("Event " + missing.number() + " at position " + missing.position() + " (line " + line
                + ") was sealed and is no longer in the store");
        if (isInPlace(missing.number(), line, "Event " + missing.number())) {
            head = digest(missing.link());
            before = head == null ? Set.of() : Set.of(head);
        }
    }

    /** Skips a line that cannot be read at a place where an event is expected. */
    void unreadable() {
        last++;
        head = null;
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

    static @Nullable Digest digest(@Nullable String hex) {
        if (hex == null) {
            return null;
        }
        try {
            return Digest.ofHex(hex);
        } catch (IllegalArgumentException notOne) {
            return null;
        }
    }

    long events() {
        return last;
    }

    @Nullable
    Digest head() {
        return head;
    }
}
