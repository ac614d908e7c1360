package dev.onsale.query.rebuild;

import java.util.ArrayList;
import java.util.List;

/** What differs between two copies of the same: how much, and the first of it in words. */
public final class Differences {

    private static final int TOLD_MAX = 20;

    private final List<String> first = new ArrayList<>();
    private long count;
    private long behind;

    public void add(String inWords) {
        add(1, List.of(inWords));
    }

    /**
     * @param inWords the first of them
     */
    public void add(long more, List<String> inWords) {
        count += more;
        first.addAll(inWords.subList(0, Math.min(inWords.size(), TOLD_MAX - first.size())));
    }

    /** What may still arrive. */
    public void addBehind(long more) {
        behind += more;
    }

    public long count() {
        return count;
    }

    public long behind() {
        return behind;
    }

    public List<String> first() {
        return List.copyOf(first);
    }
}
