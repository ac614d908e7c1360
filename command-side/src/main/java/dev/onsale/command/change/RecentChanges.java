package dev.onsale.command.change;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.Fault;
import dev.onsale.api.OperatorFact;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.Revision;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last changes of a sale's terms, so that an operator who knew older terms hears what has changed meanwhile. */
public final class RecentChanges {

    private static final int KEPT_MAX = 20;

    private final ArrayDeque<Change> newest = new ArrayDeque<>();

    private record Change(int revision, String what) {}

    /**
     * @param revision of the sale after the change
     */
    public void add(int revision, OperatorFact fact) {
        if (newest.size() == KEPT_MAX) {
            newest.removeFirst();
        }
        String type = EventCatalogue.typeOf(fact.getClass()).value();
        newest.addLast(new Change(revision, type + " by " + fact.operator() + " at " + fact.at()));
    }

    /**
     * @param basedOn absent for whatever there is
     * @throws RefusedException with {@code CHANGED_MEANWHILE} or {@code STALE_REVISION}
     */
    public void requireNewest(@Nullable Revision basedOn, int revision) {
        if (basedOn == null || basedOn.number() == revision) {
            return;
        }
        List<Fault> since = newest.stream()
                .filter(change -> change.revision() > basedOn.number())
                .map(change -> new Fault("revision " + change.revision(), change.what()))
                .toList();
        throw new RefusedException(
                basedOn.fromIfMatch() ? RefusalCode.STALE_REVISION : RefusalCode.CHANGED_MEANWHILE,
                "The sale has revision " + revision + ", the request is based on " + basedOn.number(),
                since,
                Math.max(since.size(), revision - basedOn.number()));
    }
}
