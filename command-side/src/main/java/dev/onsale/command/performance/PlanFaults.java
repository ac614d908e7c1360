package dev.onsale.command.performance;

import dev.onsale.api.Fault;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import java.util.ArrayList;
import java.util.List;

/** Everything that is wrong with a plan, in the order of the plan; the first faults are kept and all are counted. */
final class PlanFaults {

    private final List<Fault> first = new ArrayList<>();
    private int count;

    void add(String place, String problem) {
        count++;
        if (first.size() < Fault.REPORTED_MAX) {
            first.add(new Fault(place, problem));
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    RefusedException refusal() {
        Fault one = first.getFirst();
        String detail = one.problem() + ", at " + one.place()
                + (count == 1 ? "" : "; and " + (count - 1) + " more faults, see errors");
        return new RefusedException(RefusalCode.INVALID_SEATING_PLAN, detail, first, count);
    }
}
