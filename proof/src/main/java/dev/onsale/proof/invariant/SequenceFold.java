package dev.onsale.proof.invariant;

import java.util.HashMap;
import java.util.Map;

/** Checks that positions and sequence numbers have no gaps and no duplicates. */
final class SequenceFold {

    private final Findings findings;
    private final Map<String, Long> lastSequence = new HashMap<>();
    private long lastPosition;

    SequenceFold(Findings findings) {
        this.findings = findings;
    }

    void on(LogEvent event) {
        if (event.position() <= lastPosition) {
            findings.add(
                    Invariant.LOG_IN_ORDER, "Position " + event.position() + " comes after position " + lastPosition);
        }
        lastPosition = event.position();
        if (event.fact() == null) {
            findings.add(
                    Invariant.LOG_IN_ORDER,
                    "The type " + event.type() + " at position " + event.position() + " is not known");
        }
        long expected = lastSequence.getOrDefault(event.aggregateId(), -1L) + 1;
        if (event.sequence() != expected) {
            findings.add(
                    Invariant.SEQUENCES_WITHOUT_HOLES,
                    event.aggregateType() + " " + event.aggregateId() + " has number " + event.sequence()
                            + " at position " + event.position() + " where " + expected + " belongs");
        }
        lastSequence.put(event.aggregateId(), event.sequence());
    }
}
