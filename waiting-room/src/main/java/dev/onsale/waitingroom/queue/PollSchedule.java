package dev.onsale.waitingroom.queue;

/** When to ask again, and how exact the answer is. Far back nothing changes fast, and a million people ask. */
public final class PollSchedule {

    /** Who is admitted has the token and need not ask; this is for a client that lost it. */
    static final int ADMITTED_SECONDS = 30;

    private static final int FAR_BACK = 100_000;
    private static final int FAR_BACK_STEP = 1_000;
    private static final int LONGEST_SECONDS = 60;

    /** Up to a fifth later, never earlier: who came together does not ask together, and it costs no request more. */
    private static final double JITTER = 0.2;

    /** So many may ask within a second after the opening. */
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

    /** Before the opening: now and then a sign of life, and then all within the time that so many need. */
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

    /** The position to show: itself, or far back the end of the thousand that it lies in. */
    static long shown(long position) {
        return isExact(position) ? position : Math.ceilDiv(position, FAR_BACK_STEP) * FAR_BACK_STEP;
    }
}
