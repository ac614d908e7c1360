package dev.onsale.standalone.outage;

import java.time.Duration;

/** The outage state of one service. Thread-safe. */
final class Outage {

    /** Maximum number of log lines of one outage in the log file per {@link #WINDOW}. */
    static final int LINES_MAX = 10;

    static final Duration WINDOW = Duration.ofSeconds(10);

    private boolean away;
    private long beganNanos;
    private long lastFailureNanos;
    private long windowNanos;
    private int linesInWindow;
    private long failures;
    private long suppressed;

    /** A finished outage. */
    record Ended(Duration lasted, long failures, long suppressed) {}

    /** Records a failure. Returns whether it begins an outage. */
    synchronized boolean failed(long nanos) {
        boolean begins = !away;
        if (begins) {
            away = true;
            beganNanos = nanos;
            windowNanos = nanos;
            linesInWindow = 0;
            failures = 0;
            suppressed = 0;
        }
        failures++;
        lastFailureNanos = nanos;
        return begins;
    }

    /** Counts a log line. Returns whether it is within the limit of the log file. */
    synchronized boolean mayWrite(long nanos) {
        if (nanos - windowNanos >= WINDOW.toNanos()) {
            windowNanos = nanos;
            linesInWindow = 0;
        }
        if (linesInWindow < LINES_MAX) {
            linesInWindow++;
            return true;
        }
        suppressed++;
        return false;
    }

    synchronized boolean isAway() {
        return away;
    }

    /** Whether the service is away and had no failure for the given time. */
    synchronized boolean isQuietFor(Duration time, long nanos) {
        return away && nanos - lastFailureNanos >= time.toNanos();
    }

    synchronized Ended end(long nanos) {
        away = false;
        return new Ended(Duration.ofNanos(nanos - beganNanos), failures, suppressed);
    }
}
