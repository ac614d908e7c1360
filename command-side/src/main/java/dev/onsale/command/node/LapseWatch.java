package dev.onsale.command.node;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sees how long other nodes have not renewed, by the monotonic clock of this process. A step of the database's clock ends no lease.
 * Used by one thread.
 */
final class LapseWatch {

    private final long lapseNanos;
    private final Map<String, Seen> seen = new HashMap<>();
    private long lastLook;
    private boolean looked;

    private record Seen(long renewals, long since, boolean renewed) {}

    LapseWatch(Duration lapse) {
        this.lapseNanos = lapse.toNanos();
    }

    /**
     * Time in which this process could not look, such as an outage of the database, does not count: no node could renew then.
     *
     * @param now as {@link System#nanoTime()}, read after the members
     */
    void look(Collection<Member> members, long now) {
        seen.keySet().retainAll(members.stream().map(Member::id).collect(Collectors.toSet()));
        boolean couldNotLook = looked && now - lastLook > lapseNanos / 2;
        for (Member member : members) {
            Seen before = seen.get(member.id());
            if (before == null || before.renewals != member.renewals()) {
                seen.put(member.id(), new Seen(member.renewals(), now, before != null));
            } else if (couldNotLook) {
                seen.put(member.id(), new Seen(before.renewals, now, before.renewed));
            }
        }
        lastLook = now;
        looked = true;
    }

    /** Whether the lease is over by the database's clock and by this one. */
    boolean hasLapsed(Member member, long now) {
        Seen last = seen.get(member.id());
        return member.lapsed() && last != null && last.renewals == member.renewals() && now - last.since >= lapseNanos;
    }

    /** The nodes that have renewed since they were seen first: they run, or did a moment ago. */
    Set<String> renewed() {
        return seen.entrySet().stream()
                .filter(node -> node.getValue().renewed)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
