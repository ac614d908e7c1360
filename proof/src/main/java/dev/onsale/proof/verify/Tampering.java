package dev.onsale.proof.verify;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What is not as it was sealed. All is counted, the first kept in words. */
public final class Tampering {

    private static final int KEPT_MAX = 50;

    private final List<String> first = new ArrayList<>();
    private long count;

    void add(String what) {
        count++;
        if (first.size() < KEPT_MAX) {
            first.add(what);
        }
    }

    public long count() {
        return count;
    }

    public List<String> first() {
        return Collections.unmodifiableList(first);
    }
}
