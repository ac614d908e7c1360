package dev.onsale.standalone.clock;

import java.time.Duration;
import org.slf4j.Logger;

/**
 * Logs once when the offset between two clocks exceeds the limit and once when it is within the limit again. Must be
 * used by one thread.
 */
final class OffsetAlarm {

    private static final double MILLIS_PER_SECOND = 1_000;

    private final Logger log;
    private final String clock;
    private final String reference;
    private final String consequence;
    private final Duration offsetMax;
    private volatile boolean on;

    /**
     * @param clock subject of the log line, such as "The clock of this node"
     * @param reference the clock it is compared with
     * @param consequence effect on the node, and what the operator can do
     */
    OffsetAlarm(Logger log, String clock, String reference, String consequence, Duration offsetMax) {
        this.log = log;
        this.clock = clock;
        this.reference = reference;
        this.consequence = consequence;
        this.offsetMax = offsetMax;
    }

    /** @param ahead how far the clock is ahead of the reference */
    void report(Duration ahead) {
        boolean now = ahead.abs().compareTo(offsetMax) > 0;
        if (now && !on) {
            log.warn(
                    "{} is {} s {} {}, more than {} s; {}",
                    clock,
                    seconds(ahead.abs()),
                    ahead.isNegative() ? "behind" : "ahead of",
                    reference,
                    seconds(offsetMax),
                    consequence);
        } else if (!now && on) {
            log.warn("{} agrees with {} again", clock, reference);
        }
        on = now;
    }

    /** Ends the alarm without a log line because the offset is unknown. */
    void unknown() {
        on = false;
    }

    boolean isOn() {
        return on;
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / MILLIS_PER_SECOND;
    }
}
