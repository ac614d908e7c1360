package dev.onsale.query.readmodel;

import java.util.ArrayList;
import java.util.List;

/** What became of the facts of a batch, counted once the batch is committed. */
public final class ConsumptionOutcomes {

    private final List<Fact<?>> applied = new ArrayList<>();
    private final List<Fact<?>> skipped = new ArrayList<>();
    private final List<Fact<?>> afterGap = new ArrayList<>();

    public ConsumptionOutcomes() {}

    public void applied(Fact<?> fact) {
        applied.add(fact);
    }

    /** Its row has seen it. */
    public void skipped(Fact<?> fact) {
        skipped.add(fact);
    }

    /** It was applied, and a fact of the same aggregate before it was never seen. */
    public void afterGap(Fact<?> fact) {
        afterGap.add(fact);
    }

    public List<Fact<?>> applied() {
        return applied;
    }

    public List<Fact<?>> skipped() {
        return skipped;
    }

    public List<Fact<?>> afterGap() {
        return afterGap;
    }
}
