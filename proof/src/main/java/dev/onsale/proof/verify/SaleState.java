package dev.onsale.proof.verify;

import dev.onsale.proof.export.ExportLine;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The chain of a sale or of its waiting room as the file continues it, with the states that earlier seals covered: each
 * must be a beginning of it. Not thread-safe.
 */
final class SaleState {

    private final String name;
    private final Tampering tampering;

    /** Earlier states by their number of links. */
    private final Map<Long, Earlier> earlier = new TreeMap<>();

    private long count;
    private @Nullable Hash head = Hash.ZERO;

    /** What an earlier seal says about the chain, and where the file has it. */
    private static final class Earlier {
        private final Hash head;
        private long position;
        private long next;

        Earlier(Hash head) {
            this.head = head;
        }
    }

    SaleState(String name, Tampering tampering) {
        this.name = name;
        this.tampering = tampering;
    }

    /** The chain's own entry in its leaf; a chain that is not there has no links. */
    static ExportLine.Proof.Entry own(Hash place, List<ExportLine.Proof.Entry> leaf) {
        return leaf.stream()
                .filter(entry -> entry.sale().equals(place.toString()))
                .findFirst()
                .orElse(new ExportLine.Proof.Entry(place.toString(), 0, Hash.ZERO.toString()));
    }

    /** Requires a state: after so many links the chain has this head. To be called before the links. */
    void expect(ExportLine.Proof.Entry state, long seal) {
        Hash stated = Hash.of(state.head());
        Earlier known = earlier.get(state.events());
        if (known != null && !known.head.equals(stated)) {
            tampering.add("Two anchors have two states of " + name + " after " + state.events()
                    + "; the second is seal " + seal);
        }
        if (state.events() == 0 && !stated.equals(Hash.ZERO)) {
            tampering.add("Anchor " + seal + " has a state of " + name + " without events");
        }
        earlier.putIfAbsent(state.events(), new Earlier(stated));
    }

    /** The next link. */
    void link(long number, long position, @Nullable Hash link) {
        Earlier before = earlier.get(number - 1);
        if (before != null) {
            before.next = position;
        }
        count = number;
        head = link;
        Earlier state = earlier.get(number);
        if (state != null) {
            state.position = position;
            if (!state.head.equals(link)) {
                tampering.add("The first " + number + " entries of " + name
                        + " are not those that an anchored seal covers: they were rewritten");
            }
        }
    }

    /** Requires that a seal covered exactly as much of the chain as it says. */
    void covered(long links, long seal, long lastPosition) {
        Earlier state = earlier.get(links);
        if (links > count) {
            tampering.add("Seal " + seal + " covers " + links + " entries of " + name + ", and the file has " + count);
        } else if (state != null
                && lastPosition >= 0
                && (state.position > lastPosition || (state.next != 0 && state.next <= lastPosition))) {
            tampering.add("Seal " + seal + " ends at position " + lastPosition + " and covers " + links + " entries of "
                    + name + ", and the file has another number up to there");
        }
    }

    long count() {
        return count;
    }

    @Nullable
    Hash head() {
        return head;
    }
}
