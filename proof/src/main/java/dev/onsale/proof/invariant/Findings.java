package dev.onsale.proof.invariant;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Violations by invariant. All violations are counted; the first ones of each invariant are kept as text. Not
 * thread-safe.
 */
public final class Findings {

    private static final int KEPT_MAX = 20;

    private final Map<Invariant, Broken> broken = new EnumMap<>(Invariant.class);
    private final Set<Invariant> exercised = EnumSet.noneOf(Invariant.class);

    /**
     * @param count number of violations
     * @param first the first {@value #KEPT_MAX} violations as text
     */
    public record Broken(long count, List<String> first) {}

    /** There was something that could have violated these invariants. */
    public void exercised(Invariant... seen) {
        exercised.addAll(List.of(seen));
    }

    /** Those of the given invariants about which nothing was seen: whether they hold was not shown. */
    public Set<Invariant> notExercised(Set<Invariant> of) {
        Set<Invariant> unseen = EnumSet.noneOf(Invariant.class);
        of.stream().filter(invariant -> !exercised.contains(invariant)).forEach(unseen::add);
        return unseen;
    }

    public void add(Invariant invariant, String detail) {
        exercised.add(invariant);
        Broken sofar = broken.getOrDefault(invariant, new Broken(0, List.of()));
        List<String> first = sofar.first();
        if (first.size() < KEPT_MAX) {
            first = new ArrayList<>(first);
            first.add(detail);
        }
        broken.put(invariant, new Broken(sofar.count() + 1, List.copyOf(first)));
    }

    public void addAll(Findings others) {
        exercised.addAll(others.exercised);
        others.broken.forEach((invariant, more) -> {
            more.first().forEach(detail -> add(invariant, detail));
            long unkept = more.count() - more.first().size();
            broken.computeIfPresent(invariant, (key, sum) -> new Broken(sum.count() + unkept, sum.first()));
        });
    }

    public boolean isEmpty() {
        return broken.isEmpty();
    }

    public long count(Invariant invariant) {
        Broken found = broken.get(invariant);
        return found == null ? 0 : found.count();
    }

    public Map<Invariant, Broken> broken() {
        return Collections.unmodifiableMap(broken);
    }
}
