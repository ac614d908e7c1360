package dev.onsale.waitingroom.queue;

/** When a visitor polls again, and how exact the shown position is. Far back in the queue it changes slowly. */
public final class PollSchedule {

    /** For clients that lost the token; others need not poll after admission. */
    static final int ADMITTED_SECONDS = 30;

    private static final int FAR_BACK = 100_000;
    private static final int FAR_BACK_STEP = 1_000;
    private static final int LONGEST_SECONDS = 60;

    /** Up to 20 % later, never earlier, so that visitors who joined together do not poll together. */
    private static final double JITTER = 0.2;

    /** Polls per second allowed after the opening. */
    private static final double AFTER_OPENING_PER_SECOND = 10_000;

    private static final long AFTER_OPENING_MILLIS_MIN = 1_000;

    private PollSchedule() {}

    static int seconds(long position) {
        if (position > FAR_BACK) {
            return LONGEST_SECONDS;
        }
        if (position > 10_000) {
            return 30;
        }
        if (position > 5_000) {
            return 10;
        }
        return position > 1_000 ? 5 : 1;
    }

    /**
     * @param random from 0 to 1
     */
    public static long millis(long position, double random) {
        return jittered(seconds(position) * 1_000L, random);
    }

    /** Rare polls until the last minute, then one within the period that all visitors need at the allowed rate. */
    static long millisBeforeOpening(long untilOpening, long waiting, double random) {
        if (untilOpening > LONGEST_SECONDS * 1_000L) {
            return jittered(LONGEST_SECONDS * 1_000L, random);
        }
        double spread = Math.max(AFTER_OPENING_MILLIS_MIN, waiting * 1_000.0 / AFTER_OPENING_PER_SECOND);
        return Math.max(0, untilOpening) + AFTER_OPENING_MILLIS_MIN / 2 + Math.round(spread * random);
    }

    private static long jittered(long millis, double random) {
        return millis + Math.round(millis * JITTER * random);
    }

    static boolean isExact(long position) {
        return position <= FAR_BACK;
    }

    /** The position to show: exact, or rounded up to a full thousand far back in the queue. */
    static long shown(long position) {
        return isExact(position) ? position : Math.ceilDiv(position, FAR_BACK_STEP) * FAR_BACK_STEP;
    }
}
