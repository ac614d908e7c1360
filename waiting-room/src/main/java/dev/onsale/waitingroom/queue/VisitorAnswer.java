package dev.onsale.waitingroom.queue;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * State of a visitor.
 *
 * @param position 1 is next; 0 once admitted, and before there is an order
 * @param positionExact false far back, where {@code position} is rounded up to a full thousand
 * @param pollAfterSeconds delay of the next poll, also as {@code Retry-After}
 * @param pollAfterMillis the same in milliseconds, with jitter
 * @param entered whether the admission token was used
 * @param estimate expected wait, absent if unknown
 * @param opensAt when the order is drawn, absent after it
 * @param reason why the place has ended: LEFT, COMPLETED, SILENT, SALE_CLOSED, UNUSED or UNFINISHED
 * @param ticket position in the intake, to be sent with the next poll while {@code QUEUED}
 * @param paused whether an operator has paused admission
 * @param restoredAt last restoration of the room; places taken just before it may be lost
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
        /** Accepted, but not in the queue yet. */
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
        return of(State.WAITING, PollSchedule.shown(position), PollSchedule.isExact(position), total, pollMillis)
                .with(false, null, estimate, null, null, null, paused ? true : null, restoredAt);
    }

    static VisitorAnswer beforeOpening(long total, long pollMillis, Instant opensAt) {
        return of(State.BEFORE_OPENING, 0, false, total, pollMillis)
                .with(false, null, null, opensAt, null, null, null, null);
    }

    static VisitorAnswer admitted(long total, boolean entered, String admissionToken) {
        return of(State.ADMITTED, 0, true, total, PollSchedule.ADMITTED_SECONDS * 1_000L)
                .with(entered, admissionToken, null, null, null, null, null, null);
    }

    /** The place has ended; the client stops polling. */
    static VisitorAnswer gone(State state, String reason) {
        return of(state, 0, true, 0, 0).with(false, null, null, null, reason, null, null, null);
    }

    public static VisitorAnswer queued(long ahead, long pollMillis, String ticket) {
        return of(State.QUEUED, 0, false, ahead, pollMillis).with(false, null, null, null, null, ticket, null, null);
    }

    private static VisitorAnswer of(State state, long position, boolean exact, long total, long pollMillis) {
        long seconds = Math.ceilDiv(pollMillis, 1_000);
        return new VisitorAnswer(
                position, exact, total, state, seconds, pollMillis, false, null, null, null, null, null, null, null);
    }

    private VisitorAnswer with(
            boolean inside,
            @Nullable String token,
            @Nullable WaitEstimate wait,
            @Nullable Instant opening,
            @Nullable String why,
            @Nullable String place,
            @Nullable Boolean isPaused,
            @Nullable Instant restored) {
        return new VisitorAnswer(
                position,
                positionExact,
                totalWaiting,
                state,
                pollAfterSeconds,
                pollAfterMillis,
                inside,
                token,
                wait,
                opening,
                why,
                place,
                isPaused,
                restored);
    }
}
