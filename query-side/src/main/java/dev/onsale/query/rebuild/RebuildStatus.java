package dev.onsale.query.rebuild;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How far a rebuild is.
 *
 * @param state {@code BUILDING}, {@code COMPARING}, {@code READY} (waits for the order to switch), {@code SWITCHING},
 *     {@code SWITCHED}, {@code CANCELLED} or {@code FAILED}
 * @param direction {@code FORWARD} to a table built anew, or {@code BACK} to the one before
 * @param builtTo position of the log up to which it is built
 * @param head position of the newest event
 * @param facts facts taken
 * @param eventsPerSecond positions of the log per second
 * @param secondsLeft until it has caught up, at that rate
 * @param differences rows that have seen the same facts and say something else, and rows that the new tables do not have
 * @param problem why it failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RebuildStatus(
        State state,
        Direction direction,
        String startedAt,
        @Nullable String endedAt,
        long builtTo,
        long head,
        long facts,
        long eventsPerSecond,
        @Nullable Long secondsLeft,
        @Nullable Long differences,
        @Nullable String problem) {

    enum State {
        BUILDING,
        COMPARING,
        READY,
        SWITCHING,
        SWITCHED,
        CANCELLED,
        FAILED;

        boolean isUnderWay() {
            return this == BUILDING || this == COMPARING || this == SWITCHING;
        }
    }

    enum Direction {
        FORWARD,
        BACK
    }
}
