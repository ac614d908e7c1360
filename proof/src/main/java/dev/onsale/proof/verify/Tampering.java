package dev.onsale.proof.verify;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Signs of tampering. All are counted; the first ones are kept as text. Not thread-safe. */
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
