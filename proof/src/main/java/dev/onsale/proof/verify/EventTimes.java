package dev.onsale.proof.verify;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Checks that the times of events and seals are in order and close to each other. Not thread-safe. */
final class EventTimes {

    /** Maximum difference between the clocks of nodes, and time of a transaction. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private final Tampering tampering;
    private final Duration sealedWithin;

    /** Events of the same second one after the other. */
    private final Deque<Second> seconds = new ArrayDeque<>();

    private long lastPosition;
    private @Nullable Instant newest;
    private @Nullable Instant sealed;

    private record Second(long firstPosition, Instant time) {}

    EventTimes(Tampering tampering, Duration sealedWithin) {
        this.tampering = tampering;
        this.sealedWithin = sealedWithin;
    }

    void event(long number, long position, String timestamp) {
        if (position <= lastPosition) {
            tampering.add("Event " + number + " is at position " + position + ", after position " + lastPosition);
        }
        lastPosition = position;
        Instant time = instant(timestamp, "Event " + number);
        if (time == null) {
            return;
        }
        Instant before = newest;
        if (before != null && time.isBefore(before.minus(TOLERANCE))) {
            tampering.add("Event " + number + " has the time " + time + ", and an event before it has " + before
                    + ": it was back-dated");
        }
        newest = before == null || time.isAfter(before) ? time : before;
        Second last = seconds.peekLast();
        if (last == null || last.time().getEpochSecond() != time.getEpochSecond()) {
            seconds.add(new Second(position, time));
        }
    }

    /** To be called for each seal in order, after all events. */
    void seal(long number, long lastSealed, String sealedAt) {
        Instant time = instant(sealedAt, "Seal " + number);
        if (time == null) {
            return;
        }
        Instant before = sealed;
        if (before != null && time.isBefore(before.minus(TOLERANCE))) {
            tampering.add("Seal " + number + " was made at " + time + ", before the seal before it at " + before);
        }
        sealed = before == null || time.isAfter(before) ? time : before;
        for (Second next = seconds.peek(); next != null && next.firstPosition() <= lastSealed; next = seconds.peek()) {
            seconds.remove();
            if (next.time().isAfter(time.plus(TOLERANCE))) {
                tampering.add("The event at position " + next.firstPosition() + " has the time " + next.time()
                        + ", after its seal " + number + " at " + time);
            } else if (next.time().isBefore(time.minus(sealedWithin))) {
                tampering.add("The event at position " + next.firstPosition() + " has the time " + next.time()
                        + " and was sealed only at " + time + " (seal " + number
                        + "): it was back-dated, or nothing was sealed for long; see --sealed-within");
            }
        }
    }

    /** To be called at the end. */
    void export(Instant exportedAt) {
        Instant last = sealed;
        if (last != null && exportedAt.isBefore(last.minus(TOLERANCE))) {
            tampering.add("The export was written at " + exportedAt + ", before its newest seal at " + last);
        }
    }

    private @Nullable Instant instant(String text, String what) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException wrong) {
            tampering.add(what + " has no valid time: " + text);
            return null;
        }
    }
}
