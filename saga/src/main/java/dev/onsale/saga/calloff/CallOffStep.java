package dev.onsale.saga.calloff;

import dev.onsale.api.PerformanceId;
import dev.onsale.saga.step.Step;

/** End the reservations of a show that was called off. How far it has come is in the tables. */
record CallOffStep(PerformanceId performanceId) implements Step {

    static final String KIND = "call-off";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String id() {
        return performanceId.toString();
    }
}
