package dev.onsale.query.readmodel;

import jakarta.persistence.Column;
import jakarta.persistence.MappedSuperclass;

/** A row that follows one aggregate: it knows the newest fact it has seen. */
@MappedSuperclass
public abstract class VersionedRow {

    @Column(name = "log_position")
    private long position;

    @Column(name = "aggregate_sequence")
    private long sequence = -1;

    protected VersionedRow() {}

    /**
     * Moves on to the fact, or says {@code false} if the row has seen it. A gap does not hold the row up: facts say how
     * things are, so that the newest is right about the state even if one before it is still a dead letter.
     */
    public boolean moveTo(Fact<?> fact, ConsumptionOutcomes outcomes) {
        if (fact.position() <= position) {
            return false;
        }
        if (fact.sequence() > sequence + 1) {
            outcomes.afterGap(fact);
        }
        position = fact.position();
        sequence = Math.max(sequence, fact.sequence());
        return true;
    }

    public boolean takes(Fact<?> fact, ConsumptionOutcomes outcomes) {
        boolean newer = moveTo(fact, outcomes);
        if (newer) {
            outcomes.applied(fact);
        } else {
            outcomes.skipped(fact);
        }
        return newer;
    }

    public long sequence() {
        return sequence;
    }
}
