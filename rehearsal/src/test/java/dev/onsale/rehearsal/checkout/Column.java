package dev.onsale.rehearsal.checkout;

import java.util.List;

/** What is done to a call. */
enum Column {
    SUCCESS,
    REFUSAL,
    /** The call never arrives, and no answer ever comes. */
    TIME_OUT_BEFORE,
    /** The call has its effect, and no answer ever comes. */
    TIME_OUT_AFTER_THE_EFFECT,
    /** The process is killed when it is about to make the call. */
    CRASH_BEFORE,
    /** The process is killed when the call has had its effect, and before anything followed from it. */
    CRASH_AFTER,
    /** The fact from which the step follows is told twice, and the call itself made twice. */
    DUPLICATE_EVENT,
    /** The saga hears of the fact when the world has moved on: its buyer has cancelled, or the seat is somebody else's, or the hold is over. */
    LATE_EVENT,
    /** Beside the eight: the buyer cancels in the moment before the call. */
    OVERTAKEN;

    /** What has to have happened, so that a cell shows anything; of a refusal the row knows. */
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
