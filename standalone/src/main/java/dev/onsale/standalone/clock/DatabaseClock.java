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
 * measurements it goes on with {@link System#nanoTime}, which no change of the node's clock moves. Thread-safe.
 */
final class DatabaseClock extends Clock {

    private final InstantSource node;
    private final ZoneId zone;
    private final Source source;

    private static final class Source {
        private volatile Sample sample;

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

    /** Time goes on smoothly while the sample agrees with it, within what the sample leaves open. */
    void follow(Sample sample) {
        Duration difference = Duration.between(sample.time(), source.sample.at(sample.nanos()))
                .abs();
        if (difference.compareTo(sample.uncertainty()) > 0) {
            source.sample = sample;
        }
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
