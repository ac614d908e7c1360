package dev.onsale.waitingroom.queue;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a visitor stands.
 *
 * @param position 1 is next; 0 once admitted, and before there is an order
 * @param positionExact false far back, where {@code position} is rounded up to a full thousand
 * @param pollAfterSeconds when to ask again, also as {@code Retry-After}
 * @param pollAfterMillis the same, exactly, with a part of chance in it
 * @param entered true once the admission token was consumed, so that a lost answer to the entry does no harm
 * @param estimate how long it will take; absent while nobody knows
 * @param opensAt when the order is drawn, before that
 * @param reason what ended the place: LEFT, COMPLETED, SILENT, SALE_CLOSED, UNUSED or UNFINISHED
 * @param ticket the place in the intake, to be sent with the next question while {@code QUEUED}
 * @param paused true while an operator lets nobody in; places are kept
 * @param restoredAt when the room was built anew after a loss; places taken just before it may be gone
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VisitorAnswer(
        long position,
        boolean positionExact,
        long totalWaiting,
        State state,
        long pollAfterSeconds,
        long pollAfterMillis,
        boolean entered,
        @Nullable String admissionToken,
        @Nullable WaitEstimate estimate,
        @Nullable Instant opensAt,
        @Nullable String reason,
        @Nullable String ticket,
        @Nullable Boolean paused,
        @Nullable Instant restoredAt) {

    public enum State {
        /** Taken in, and not in the queue yet. */
        QUEUED,
        BEFORE_OPENING,
        WAITING,
        ADMITTED,
        EXPIRED,
        LEFT
    }

    static VisitorAnswer waiting(
            long position,
            long total,
            long pollMillis,
            @Nullable WaitEstimate estimate,
            boolean paused,
            @Nullable Instant restoredAt) {
        return new VisitorAnswer(
                PollSchedule.shown(position),
                PollSchedule.isExact(position),
                total,
                State.WAITING,
                seconds(pollMillis),
                pollMillis,
                false,
                null,
                estimate,
                null,
                null,
                null,
                paused ? true : null,
                restoredAt);
    }

    static VisitorAnswer beforeOpening(long total, long pollMillis, Instant opensAt) {
        return new VisitorAnswer(
                0,
                false,
                total,
                State.BEFORE_OPENING,
                seconds(pollMillis),
                pollMillis,
                false,
                null,
                null,
                opensAt,
                null,
                null,
                null,
                null);
    }

    static VisitorAnswer admitted(long total, boolean entered, String admissionToken) {
        return new VisitorAnswer(
                0,
                true,
                total,
                State.ADMITTED,
                PollSchedule.ADMITTED_SECONDS,
                PollSchedule.ADMITTED_SECONDS * 1_000L,
                entered,
                admissionToken,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** The place is gone; nothing more is to be asked. */
    static VisitorAnswer gone(State state, String reason) {
        return new VisitorAnswer(0, true, 0, state, 0, 0, false, null, null, null, reason, null, null, null);
    }

    public static VisitorAnswer queued(long ahead, long pollMillis, String ticket) {
        return new VisitorAnswer(
                0,
                false,
                ahead,
                State.QUEUED,
                seconds(pollMillis),
                pollMillis,
                false,
                null,
                null,
                null,
                null,
                ticket,
                null,
                null);
    }

    private static long seconds(long millis) {
        return Math.ceilDiv(millis, 1_000);
    }
}
