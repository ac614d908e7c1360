package dev.onsale.standalone.clock;

import dev.onsale.standalone.clock.DatabaseTime.Sample;
import dev.onsale.web.supervision.PeriodicTasks;
import dev.onsale.web.supervision.Supervised;
import dev.onsale.web.supervision.SupervisedWork;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/** Measures the database's time at intervals, and says when the node's own clock is too far off and when it is right again. */
final class ClockFollower implements Supervised, DisposableBean {

    static final String GAUGE = "onsale.clock.offset";

    private static final Logger log = LoggerFactory.getLogger(ClockFollower.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final Duration SILENT_MAX = Duration.ofMinutes(2);
    private static final double MILLIS_PER_SECOND = 1_000;

    private final DatabaseClock clock;
    private final DatabaseTime database;
    private final ClockProperties settings;
    private final SupervisedWork work;
    private final PeriodicTasks tasks = new PeriodicTasks("clock");
    private volatile boolean off;

    ClockFollower(DatabaseClock clock, DatabaseTime database, ClockProperties settings, MeterRegistry registry) {
        this.clock = clock;
        this.database = database;
        this.settings = settings;
        this.work = new SupervisedWork("clock", settings.measureEvery().plus(SILENT_MAX));
        Gauge.builder(GAUGE, clock, it -> it.offset().toMillis() / MILLIS_PER_SECOND)
                .description("How far the node's clock is ahead of the database's")
                .baseUnit("seconds")
                .register(registry);
    }

    DatabaseClock clock() {
        return clock;
    }

    /** The first measurement is made before anything asks for the time. */
    void start() {
        work.attempt(this::measure);
        var unused = tasks.every(settings.measureEvery(), work, this::measure);
    }

    void measure() {
        try {
            Sample sample = database.measure();
            if (sample.uncertainty().compareTo(settings.maxOffset()) > 0) {
                throw new IllegalStateException("The database needs too long to tell its time: "
                        + sample.uncertainty().multipliedBy(2));
            }
            clock.follow(sample);
        } catch (SQLException away) {
            throw new IllegalStateException("The database does not tell its time", away);
        }
        compare();
    }

    private void compare() {
        Duration offset = clock.offset();
        boolean now = offset.abs().compareTo(settings.maxOffset()) > 0;
        if (now && !off) {
            log.warn(
                    "The clock of this node is {} s {} the database's, more than {} s; deadlines follow the database's clock",
                    offset.abs().toMillis() / MILLIS_PER_SECOND,
                    offset.isNegative() ? "behind" : "ahead of",
                    settings.maxOffset().toMillis() / MILLIS_PER_SECOND);
        } else if (!now && off) {
            log.warn("The clock of this node agrees with the database's again");
        }
        off = now;
    }

    /** Whether the node's own clock was too far off at the last measurement. */
    boolean isOff() {
        return off;
    }

    Duration offset() {
        return clock.offset();
    }

    @Override
    public Collection<SupervisedWork> supervisedWork() {
        return List.of(work);
    }

    @Override
    public void destroy() {
        tasks.stopNow(STOP_PATIENCE);
    }
}
