package dev.onsale.waitingroom.room;

import java.util.ArrayDeque;
import java.util.Deque;

/** Measured admission rate of a room over the last two minutes. */
public final class AdmissionPace {

    private static final long WINDOW_MILLIS = 120_000;
    private static final long APART_MILLIS = 5_000;

    private final Deque<Count> counts = new ArrayDeque<>();

    private record Count(long at, long admitted) {}

    /**
     * @param perSecond admissions per second
     * @param deviation standard error of {@code perSecond}
     * @param overMillis length of the measurement
     */
    public record Reading(double perSecond, double deviation, long overMillis) {

        public static final Reading NONE = new Reading(0, 0, 0);
    }

    public synchronized Reading read(long now, long admitted) {
        if (!counts.isEmpty() && admitted < counts.getLast().admitted()) {
            counts.clear();
        }
        if (counts.isEmpty() || now - counts.getLast().at() >= APART_MILLIS) {
            counts.addLast(new Count(now, admitted));
        }
        while (counts.size() > 1 && now - counts.getFirst().at() > WINDOW_MILLIS) {
            counts.removeFirst();
        }
        Count first = counts.getFirst();
        long over = now - first.at();
        if (over < APART_MILLIS) {
            return Reading.NONE;
        }
        double mean = (admitted - first.admitted()) * 1_000.0 / over;
        return new Reading(mean, standardError(mean), over);
    }

    private double standardError(double mean) {
        double squares = 0;
        int spans = 0;
        Count before = null;
        for (Count count : counts) {
            if (before != null) {
                double rate = (count.admitted() - before.admitted()) * 1_000.0 / (count.at() - before.at());
                squares += (rate - mean) * (rate - mean);
                spans++;
            }
            before = count;
        }
        // With fewer than two spans the spread is unknown; assume a Poisson process.
        return spans < 2 ? Math.sqrt(mean) : Math.sqrt(squares / (spans - 1) / spans);
    }
}
