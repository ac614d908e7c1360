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
 * The database's time in milliseconds, so that all nodes decide deadlines alike, whatever their own clocks say. Between two
 * measurements it goes on with {@link System#nanoTime}, which no change of the node's clock moves. After the first measurement it
 * never follows a large step of the database's clock at once. Thread-safe; one thread follows.
 */
final class DatabaseClock extends Clock {

    /** Part of the elapsed time by which it comes nearer to a database whose clock was stepped. */
    static final int SLEW_DIVISOR = 100;

    private final InstantSource node;
    private final ZoneId zone;
    private final Source source;

    private static final class Source {
        private volatile Sample sample;
        private volatile boolean measured;

        /** Of {@link System#nanoTime}, at the last sample. */
        private long followedAt;

        private volatile Duration remaining = Duration.ZERO;

        Source(Sample sample) {
            this.sample = sample;
        }
    }

    /** Starts with the node's own clock, until the first {@link #follow}. */
    DatabaseClock(InstantSource node) {
        this(node, ZoneOffset.UTC, new Source(new Sample(node.instant(), System.nanoTime(), Duration.ofDays(1))));
    }

    private DatabaseClock(InstantSource node, ZoneId zone, Source source) {
        this.node = node;
        this.zone = zone;
        this.source = source;
    }

    /**
     * Takes the first sample as it is. Later ones change nothing while they agree with the time that is shown, within what the
     * sample leaves open. A difference up to the largest step is followed at once. A larger one is a step of the database's clock:
     * the time comes nearer by a hundredth of the time since the last sample, so that no hold ends early or late by the step.
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

    /** Time passed that {@link System#nanoTime} does not count: the machine was suspended. */
    void suspended(Duration time) {
        Sample before = source.sample;
        source.sample = new Sample(before.time().plus(time), before.nanos(), before.uncertainty());
    }

    /** Whether it shows the database's time, and not yet the node's own. */
    boolean isMeasured() {
        return source.measured;
    }

    /** How far the database's clock was ahead of the time that is shown, after the last sample. */
    Duration databaseAhead() {
        return source.remaining;
    }

    /** How far the node's own clock is ahead. */
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
