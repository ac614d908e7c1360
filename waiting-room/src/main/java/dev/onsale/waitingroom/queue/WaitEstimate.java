package dev.onsale.waitingroom.queue;

import dev.onsale.waitingroom.room.AdmissionPace;
import dev.onsale.waitingroom.room.RoomStateCache;
import dev.onsale.waitingroom.room.RoomStatus;
import org.jspecify.annotations.Nullable;

/**
 * How long it takes until a position is at the counter.
 *
 * @param peoplePerMinute the pace it rests on
 * @param seconds the likely wait
 * @param fromSeconds it is unlikely to be shorter
 * @param toSeconds it is unlikely to be longer
 * @param measured true if the pace was watched, false if it is what the settings allow
 */
record WaitEstimate(double peoplePerMinute, long seconds, long fromSeconds, long toSeconds, boolean measured) {

    /** Two standard errors: nineteen times of twenty, if the pace stays as it was. */
    private static final double WIDTH = 2;

    /** Nothing is known better than this. */
    private static final double SPREAD_MIN = 0.1;

    private static final double SPREAD_UNMEASURED = 0.5;
    private static final double SPREAD_MAX = 0.9;

    /** Absent while nobody is admitted: then nobody knows. */
    static @Nullable WaitEstimate of(long position, RoomStateCache.Sight room) {
        if (room.control() == RoomStatus.Control.PAUSED || room.phase() != RoomStatus.Phase.OPEN) {
            return null;
        }
        AdmissionPace.Reading pace = room.pace();
        boolean measured = pace.perSecond() > 0;
        // Places come free at this rate if each lasts its time.
        double allowed = Math.min(room.admitPerSecond(), room.activeLimit() * 1_000.0 / room.activeMillis());
        double perSecond = measured ? pace.perSecond() : allowed;
        double spread = measured
                ? Math.clamp(WIDTH * pace.deviation() / pace.perSecond(), SPREAD_MIN, SPREAD_MAX)
                : SPREAD_UNMEASURED;
        long free = Math.max(0, room.activeLimit() - room.active());
        if (position <= free) {
            perSecond = Math.max(perSecond, room.admitPerSecond());
        }
        return new WaitEstimate(
                Math.round(perSecond * 600) / 10.0,
                Math.round(position / perSecond),
                (long) Math.floor(position / (perSecond * (1 + spread))),
                (long) Math.ceil(position / (perSecond * (1 - spread))),
                measured);
    }
}
