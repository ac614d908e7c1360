package dev.onsale.waitingroom;

/** When to ask again, and how exact the answer is. Far back nothing changes fast, and a million people ask. */
final class PollSchedule {

    /** Who is admitted has the token and need not ask; this is for a client that lost it. */
    static final int ADMITTED_SECONDS = 30;

    private static final int FAR_BACK = 100_000;
    private static final int FAR_BACK_STEP = 1_000;

    private PollSchedule() {}

    static int seconds(long position) {
        if (position > FAR_BACK) {
            return 60;
        }
        if (position > 10_000) {
            return 30;
        }
        if (position > 5_000) {
            return 10;
        }
        return position > 1_000 ? 5 : 1;
    }

    static boolean isExact(long position) {
        return position <= FAR_BACK;
    }

    /** The position to show: itself, or far back the end of the thousand that it lies in. */
    static long shown(long position) {
        return isExact(position) ? position : Math.ceilDiv(position, FAR_BACK_STEP) * FAR_BACK_STEP;
    }
}
