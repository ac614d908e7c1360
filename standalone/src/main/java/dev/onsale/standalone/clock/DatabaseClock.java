package dev.onsale.standalone.clock;

import dev.onsale.standalone.clock.DatabaseTime.Sample;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * A clock with the database's time in milliseconds, so that all nodes decide deadlines by the same time. Between two
 * measurements it advances with {@link System#nanoTime}, which is independent of the node's clock. After the first
 * measurement it never follows a large step of the database's clock at once. Thread-safe; {@link #follow} must be
 * called by one thread.
 */
final class DatabaseClock extends Clock {

    /** After a step of the database's clock, the clock is corrected by this fraction of the elapsed time. */
    static final int SLEW_DIVISOR = 100;

    private final InstantSource node;
    private final ZoneId zone;
    private final Source source;

    private static final class Source {
        private volatile Sample sample;
        private volatile boolean measured;

        /** {@link System#nanoTime} at the last sample. */
        private long followedAt;

        private volatile Duration remaining = Duration.ZERO;

        Source(Sample sample) {
            this.sample = sample;
        }
    }

    /** Starts with the node's clock. The first {@link #follow} replaces it. */
    DatabaseClock(InstantSource node) {
        this(node, ZoneOffset.UTC, new Source(new Sample(node.instant(), System.nanoTime(), Duration.ofDays(1))));
    }

    private DatabaseClock(InstantSource node, ZoneId zone, Source source) {
        this.node = node;
        this.zone = zone;
        this.source = source;
    }

    /**
     * Applies a measurement. The first sample is adopted. A later sample within its own uncertainty of the current time
     * changes nothing. A difference up to the maximum step is adopted at once. A larger difference is a step of the
     * database's clock; the clock is then slewed by a hundredth of the time since the last sample, so that no hold ends
     * early or late by the step.
     */
    void follow(Sample sample, Duration stepMax) {
        Instant shown = source.sample.at(sample.nanos());
        Duration ahead = Duration.between(shown, sample.time());
        Duration change = source.measured ? change(ahead, sample, stepMax) : ahead;
        if (!change.isZero()) {
            source.sample = new Sample(shown.plus(change), sample.nanos(), sample.uncertainty());
        }
        source.measured = true;
        source.followedAt = sample.nanos();
        source.remaining = ahead.minus(change);
    }

    private Duration change(Duration ahead, Sample sample, Duration stepMax) {
        if (ahead.abs().compareTo(sample.uncertainty()) <= 0) {
            return Duration.ZERO;
        }
        if (ahead.abs().compareTo(stepMax) <= 0) {
            return ahead;
        }
        Duration slewed = Duration.ofNanos((sample.nanos() - source.followedAt) / SLEW_DIVISOR);
        Duration bounded = slewed.compareTo(stepMax) < 0 ? slewed : stepMax;
        return ahead.isNegative() ? bounded.negated() : bounded;
    }

    /** Adds time during which the machine was suspended, which {@link System#nanoTime} does not count. */
    void suspended(Duration time) {
        Sample before = source.sample;
        source.sample = new Sample(before.time().plus(time), before.nanos(), before.uncertainty());
    }

    /** Whether the clock shows the database's time instead of the node's. */
    boolean isMeasured() {
        return source.measured;
    }

    /** How far the database's clock was ahead of this clock after the last sample. */
    Duration databaseAhead() {
        return source.remaining;
    }

    /** How far the node's clock is ahead of this clock. */
    Duration offset() {
        return Duration.between(now(), node.instant());
    }

    private Instant now() {
        return source.sample.at(System.nanoTime());
    }

    @Override
    public Instant instant() {
        return now().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new DatabaseClock(node, other, source);
    }
}
