package dev.onsale.rehearsal.checkout;

import java.util.List;

/** The disturbance of a call. */
enum Column {
    SUCCESS,
    REFUSAL,
    /** The call does not arrive and has no response. */
    TIME_OUT_BEFORE,
    /** The call has its effect and no response. */
    TIME_OUT_AFTER_THE_EFFECT,
    /** The process is killed before the call. */
    CRASH_BEFORE,
    /** The process is killed after the call had its effect, before anything else happened. */
    CRASH_AFTER,
    /** The event that triggers the step is delivered twice, and the call is made twice. */
    DUPLICATE_EVENT,
    /**
     * The saga receives the event late: the buyer has cancelled, the seat belongs to another buyer, or the hold has
     * ended.
     */
    LATE_EVENT,
    /** The buyer cancels immediately before the call. */
    OVERTAKEN;

    /** The disturbances that must occur in a cell of this column. For refusals the row defines them. */
    List<String> strikes() {
        return switch (this) {
            case SUCCESS, REFUSAL -> List.of("answered");
            case TIME_OUT_BEFORE -> List.of("silent before");
            case TIME_OUT_AFTER_THE_EFFECT -> List.of("silent after");
            case CRASH_BEFORE -> List.of("parked before", "killed");
            case CRASH_AFTER -> List.of("parked after", "killed");
            case DUPLICATE_EVENT -> List.of("told twice", "sent twice");
            case LATE_EVENT -> List.of("told late");
            case OVERTAKEN -> List.of("overtaken");
        };
    }

    boolean isCrash() {
        return this == CRASH_BEFORE || this == CRASH_AFTER;
    }
}
