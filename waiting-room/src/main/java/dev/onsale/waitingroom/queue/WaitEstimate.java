package dev.onsale.waitingroom.queue;

import dev.onsale.waitingroom.room.AdmissionPace;
import dev.onsale.waitingroom.room.RoomState;
import dev.onsale.waitingroom.room.RoomStatus;
import org.jspecify.annotations.Nullable;

/**
 * Expected time until a position is admitted.
 *
 * @param peoplePerMinute admission rate of the estimate
 * @param seconds expected wait
 * @param fromSeconds lower bound
 * @param toSeconds upper bound
 * @param measured whether the rate was measured; else it follows from the settings
 */
record WaitEstimate(double peoplePerMinute, long seconds, long fromSeconds, long toSeconds, boolean measured) {

    /** Two standard errors: 95 %, if the rate does not change. */
    private static final double WIDTH = 2;

    /** No estimate is more exact than this. */
    private static final double SPREAD_MIN = 0.1;

    private static final double SPREAD_UNMEASURED = 0.5;
    private static final double SPREAD_MAX = 0.9;

    /** Null while nobody is admitted. */
    static @Nullable WaitEstimate of(long position, RoomState room) {
        if (room.control() == RoomStatus.Control.PAUSED || room.phase() != RoomStatus.Phase.OPEN) {
            return null;
        }
        AdmissionPace.Reading pace = room.pace();
        boolean measured = pace.perSecond() > 0;
        // Rate at which places are freed if each lasts its full time.
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
