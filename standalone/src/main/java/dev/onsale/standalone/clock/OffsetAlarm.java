package dev.onsale.standalone.clock;

import java.time.Duration;
import org.slf4j.Logger;

/** Logs once when a clock begins to be too far off another one, and once when it is near again. One thread reports. */
final class OffsetAlarm {

    private static final double MILLIS_PER_SECOND = 1_000;

    private final Logger log;
    private final String clock;
    private final String reference;
    private final String consequence;
    private final Duration offsetMax;
    private volatile boolean on;

    /**
     * @param clock subject of the line, such as "The clock of this node"
     * @param reference what it is compared with
     * @param consequence what the node does about it, and what the operator can do
     */
    OffsetAlarm(Logger log, String clock, String reference, String consequence, Duration offsetMax) {
        this.log = log;
        this.clock = clock;
        this.reference = reference;
        this.consequence = consequence;
        this.offsetMax = offsetMax;
    }

    /**
     * @param ahead how far the clock is ahead of the other one
     */
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

    /** The offset is not known: the alarm ends without a line. */
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
