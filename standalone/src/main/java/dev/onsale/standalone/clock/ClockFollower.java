package dev.onsale.standalone.clock;

import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.Supervised;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.standalone.clock.DatabaseTime.Sample;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/** Measures the database's time at intervals, and compares it with the clocks of the node and of Redis. */
final class ClockFollower implements Supervised, DisposableBean {

    static final String GAUGE = "onsale.clock.offset";
    static final String DATABASE_GAUGE = "onsale.clock.database.offset";
    static final String REDIS_GAUGE = "onsale.clock.redis.offset";

    private static final Logger log = LoggerFactory.getLogger(ClockFollower.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final Duration SILENT_MAX = Duration.ofMinutes(2);
    private static final int FIRST_TRIES = 3;

    private final DatabaseClock clock;
    private final DatabaseTime database;
    private final ClockProperties settings;
    private final SuspendedTime suspended = new SuspendedTime();
    private final SupervisedWork work;
    private final PeriodicTasks tasks = new PeriodicTasks("clock");
    private final OffsetAlarm node;
    private final OffsetAlarm step;
    private final OffsetAlarm redis;
    private volatile Supplier<Optional<Duration>> redisAhead = Optional::empty;

    ClockFollower(DatabaseClock clock, DatabaseTime database, ClockProperties settings, MeterRegistry registry) {
        this.clock = clock;
        this.database = database;
        this.settings = settings;
        this.work = new SupervisedWork("clock", settings.measureEvery().plus(SILENT_MAX));
        this.node = alarm("The clock of this node", "the database's", "deadlines follow the database's clock");
        this.step = alarm(
                "The clock of the database",
                "the time of this node's deadlines",
                "it was stepped, and deadlines follow it by a hundredth of the time that passes; set it right, or restart"
                        + " this node to follow it at once, which ends open holds early or late by that much");
        this.redis = alarm(
                "The clock of Redis",
                "the time of this node's deadlines",
                "waiting rooms open and close by the clock of Redis; set both right");
        gauge(registry, GAUGE, "How far the node's clock is ahead of the database's", () -> seconds(clock.offset()));
        gauge(
                registry,
                DATABASE_GAUGE,
                "How far the database's clock is ahead of the time of the deadlines",
                () -> seconds(clock.databaseAhead()));
        gauge(
                registry,
                REDIS_GAUGE,
                "How far the clock of Redis is ahead of the time of the deadlines",
                () -> redisAhead().map(OffsetAlarm::seconds).orElse(Double.NaN));
    }

    private OffsetAlarm alarm(String clockName, String reference, String consequence) {
        return new OffsetAlarm(log, clockName, reference, consequence, settings.maxOffset());
    }

    private static double seconds(Duration duration) {
        return OffsetAlarm.seconds(duration);
    }

    private static void gauge(MeterRegistry registry, String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).baseUnit("seconds").register(registry);
    }

    DatabaseClock clock() {
        return clock;
    }

    /**
     * Measures once before the time is used.
     *
     * @throws IllegalStateException if the database's time cannot be read: the node's own clock must not decide deadlines
     */
    void start() {
        for (int tries = 1; tries < FIRST_TRIES && !clock.isMeasured(); tries++) {
            work.attempt(this::measure);
        }
        if (!clock.isMeasured()) {
            measure();
        }
        var unused = tasks.every(settings.measureEvery(), work, this::measure);
    }

    /**
     * @param ahead how far the clock of Redis is ahead of {@link #clock()}; empty while it is not known
     */
    void compareWithRedis(Supplier<Optional<Duration>> ahead) {
        redisAhead = ahead;
    }

    void measure() {
        clock.suspended(suspended.sinceLast());
        redisAhead().ifPresentOrElse(redis::report, redis::unknown);
        try {
            Sample sample = database.measure();
            if (sample.uncertainty().compareTo(settings.maxOffset()) > 0) {
                throw new IllegalStateException("Reading the database's time takes too long: "
                        + sample.uncertainty().multipliedBy(2));
            }
            clock.follow(sample, settings.maxOffset());
        } catch (SQLException away) {
            throw new IllegalStateException("The database does not tell its time", away);
        }
        node.report(clock.offset());
        step.report(clock.databaseAhead());
    }

    /** Whether two of the clocks were too far apart at the last measurement. */
    boolean isOff() {
        return node.isOn() || step.isOn() || redis.isOn();
    }

    Duration offset() {
        return clock.offset();
    }

    Duration databaseAhead() {
        return clock.databaseAhead();
    }

    Optional<Duration> redisAhead() {
        return redisAhead.get();
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
