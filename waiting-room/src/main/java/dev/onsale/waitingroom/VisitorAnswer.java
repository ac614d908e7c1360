package dev.onsale.waitingroom;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Where a visitor stands.
 *
 * @param position 1 is next; 0 once admitted
 * @param positionExact false far back, where {@code position} is rounded up to a full thousand
 * @param entered true once the admission token was consumed, so that a lost answer to the entry does no harm
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record VisitorAnswer(
        long position,
        boolean positionExact,
        long totalWaiting,
        State state,
        int pollAfterSeconds,
        boolean entered,
        @Nullable String admissionToken) {

    enum State {
        WAITING,
        ADMITTED
    }

    static VisitorAnswer waiting(long position, long totalWaiting) {
        return new VisitorAnswer(
                PollSchedule.shown(position),
                PollSchedule.isExact(position),
                totalWaiting,
                State.WAITING,
                PollSchedule.seconds(position),
                false,
                null);
    }

    static VisitorAnswer admitted(long totalWaiting, boolean entered, String admissionToken) {
        return new VisitorAnswer(
                0, true, totalWaiting, State.ADMITTED, PollSchedule.ADMITTED_SECONDS, entered, admissionToken);
    }
}
