package dev.onsale.rehearsal.checkout;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * The application's clock. It is moved ahead by hours when the stage signals that the holds are over, also after a
 * restart.
 */
final class MovedClock extends Clock {

    static final String SIGNAL = "holds-are-over";
    static final Duration BY = Duration.ofHours(3);

    private final Clock clock;
    private volatile Duration by;

    MovedClock(Clock clock, StageClient stage) {
        this.clock = clock;
        this.by = stage.isGiven(SIGNAL) ? BY : Duration.ZERO;
        Thread.ofVirtual().start(() -> {
            stage.await(SIGNAL);
            by = BY;
        });
    }

    private MovedClock(Clock clock, Duration by) {
        this.clock = clock;
        this.by = by;
    }

    @Override
    public Instant instant() {
        return clock.instant().plus(by);
    }

    @Override
    public ZoneId getZone() {
        return clock.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new MovedClock(clock.withZone(zone), by);
    }
}
