package dev.onsale.standalone.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.onsale.standalone.clock.DatabaseTime.Sample;
import dev.onsale.testsupport.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** Deadlines use the database's clock, whatever the node's clock shows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("services")
class DatabaseClockTest {

    private static final Duration MEASURED_WITHIN = Duration.ofMillis(250);

    private final TestDatabase database = TestDatabase.fresh();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ClockFollower.class);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private volatile Duration shift = Duration.ZERO;
    private volatile Duration databaseShift = Duration.ZERO;
    private volatile boolean away;
    private DatabaseClock clock;
    private ClockFollower follower;

    @BeforeEach
    void node() {
        lines.start();
        logger.addAppender(lines);
        clock = new DatabaseClock(() -> Instant.now().plus(shift));
        follower = new ClockFollower(
                clock,
                new DatabaseTime(new AbstractDataSource() {
                    @Override
                    public Connection getConnection() throws SQLException {
                        if (away) {
                            throw new SQLException("away", "08001");
                        }
                        return shifted(database.connect());
                    }

                    @Override
                    public Connection getConnection(String user, String password) throws SQLException {
                        return getConnection();
                    }
                }),
                new ClockProperties(Duration.ofSeconds(1), Duration.ofHours(1)),
                registry);
    }

    @AfterEach
    void detach() {
        logger.detachAppender(lines);
        follower.destroy();
        registry.clear();
        lines.list.clear();
        databaseShift = Duration.ZERO;
        shift = Duration.ZERO;
        away = false;
    }

    @AfterAll
    void close() {
        registry.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {5, -5, 3_600, -3_600})
    void a_hold_ends_by_the_database_s_clock_on_a_node_whose_own_clock_is_wrong(long seconds) throws Exception {
        detach();
        shift = Duration.ofSeconds(seconds);
        node();
        follower.start();
        Instant holdUntil = databaseTime().plus(Duration.ofSeconds(2));

        assertThat(clock.instant()).isBefore(holdUntil);
        requireDatabaseTime(clock, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, -5})
    void a_node_that_is_off_says_so_once_and_once_that_it_is_right_again(long seconds) {
        follower.start();
        assertThat(lines.list).isEmpty();
        assertThat(health()).isEqualTo(Status.UP);

        shift = Duration.ofSeconds(seconds);
        follower.measure();
        follower.measure();
        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.getFirst().getFormattedMessage())
                .contains(seconds > 0 ? "ahead of" : "behind", "the clock of this node".substring(4));
        assertThat(registry.get(ClockFollower.GAUGE).gauge().value()).isEqualTo((double) seconds, within(0.25));
        assertThat(health()).isEqualTo(Status.DOWN);

        shift = Duration.ZERO;
        follower.measure();
        follower.measure();
        assertThat(lines.list).hasSize(2);
        assertThat(lines.list.getLast().getFormattedMessage()).contains("again");
        assertThat(registry.get(ClockFollower.GAUGE).gauge().value()).isEqualTo(0, within(0.25));
        assertThat(health()).isEqualTo(Status.UP);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, -5})
    void a_clock_that_is_set_between_two_measurements_moves_no_deadline(long seconds) throws Exception {
        follower.start();
        Instant before = clock.instant();
        shift = Duration.ofSeconds(seconds);

        assertThat(clock.instant()).isAfterOrEqualTo(before);
        requireDatabaseTime(clock, 0);
    }

    @Test
    void time_never_goes_back_however_often_it_is_measured() {
        follower.start();
        Instant last = clock.instant();
        for (int times = 0; times < 200; times++) {
            follower.measure();
            Instant next = clock.instant();
            assertThat(next).isAfterOrEqualTo(last.minusMillis(1));
            last = next;
        }
    }

    @Test
    void without_the_database_time_goes_on() throws Exception {
        follower.start();
        away = true;
        assertThatThrownBy(follower::measure).isInstanceOf(IllegalStateException.class);
        away = false;

        requireDatabaseTime(clock, 0);
    }

    @Test
    void a_clock_of_another_zone_shows_the_same_time() throws Exception {
        Clock other = clock.withZone(ZoneOffset.ofHours(9));
        shift = Duration.ofSeconds(5);
        follower.start();

        assertThat(other.getZone()).isEqualTo(ZoneOffset.ofHours(9));
        requireDatabaseTime(other, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {3_600, -3_600, 86_400, -86_400, 5, -5})
    void a_step_of_the_database_s_clock_ends_no_hold_early_and_prolongs_none_and_is_told(long seconds)
            throws Exception {
        follower.start();
        databaseShift = Duration.ofSeconds(seconds);
        for (int times = 0; times < 10; times++) {
            follower.measure();
            requireDatabaseTime(clock, 0);
        }

        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.getFirst().getFormattedMessage())
                .startsWith("The clock of the database is")
                .contains(seconds > 0 ? "ahead of" : "behind", "restart this node");
        assertThat(registry.get(ClockFollower.DATABASE_GAUGE).gauge().value())
                .isEqualTo((double) seconds, within(0.25));
        assertThat(health()).isEqualTo(Status.DOWN);

        databaseShift = Duration.ZERO;
        follower.measure();
        follower.measure();
        assertThat(lines.list).hasSize(2);
        assertThat(lines.list.getLast().getFormattedMessage()).contains("again");
        assertThat(registry.get(ClockFollower.DATABASE_GAUGE).gauge().value()).isEqualTo(0, within(0.25));
        assertThat(health()).isEqualTo(Status.UP);
    }

    @ParameterizedTest
    @ValueSource(longs = {3_600_000, -3_600_000, 1_001, -1_001})
    void after_a_step_time_comes_nearer_by_a_hundredth_of_the_time_that_passes(long millis) {
        Duration second = Duration.ofSeconds(1);
        Sample first = new Sample(Instant.EPOCH, 0, Duration.ZERO);
        DatabaseClock stepped = new DatabaseClock(() -> Instant.EPOCH);
        stepped.follow(first, second);

        stepped.follow(afterStep(10, millis), second);
        assertThat(stepped.databaseAhead()).isEqualTo(Duration.ofMillis(millis - Long.signum(millis) * 100L));
        stepped.follow(afterStep(20, millis), second);
        assertThat(stepped.databaseAhead().abs())
                .isEqualTo(Math.abs(millis) > 2_000 ? Duration.ofMillis(Math.abs(millis) - 200) : Duration.ZERO);
    }

    @Test
    void after_a_step_during_a_long_outage_time_still_moves_by_no_more_than_the_largest_step() {
        Duration second = Duration.ofSeconds(1);
        DatabaseClock stepped = new DatabaseClock(() -> Instant.EPOCH);
        stepped.follow(new Sample(Instant.EPOCH, 0, Duration.ZERO), second);

        stepped.follow(afterStep(36_000, 3_600_000), second);

        assertThat(stepped.databaseAhead()).isEqualTo(Duration.ofHours(1).minus(second));
    }

    @ParameterizedTest
    @ValueSource(longs = {500, -500})
    void a_small_correction_of_the_database_s_clock_is_followed_at_once(long millis) throws Exception {
        follower.start();
        databaseShift = Duration.ofMillis(millis);
        follower.measure();

        requireDatabaseTime(clock, millis);
        assertThat(lines.list).isEmpty();
    }

    @Test
    void time_during_which_the_machine_was_suspended_is_followed_at_once() {
        Duration second = Duration.ofSeconds(1);
        DatabaseClock suspended = new DatabaseClock(() -> Instant.EPOCH);
        suspended.follow(new Sample(Instant.EPOCH, 0, Duration.ZERO), second);

        suspended.suspended(Duration.ofHours(8));
        suspended.follow(afterStep(10, Duration.ofHours(8).toMillis()), second);

        assertThat(suspended.databaseAhead()).isEqualTo(Duration.ZERO);
    }

    @Test
    void a_node_whose_database_does_not_tell_its_time_does_not_start_with_its_own() {
        away = true;

        assertThatThrownBy(follower::start).hasMessageContaining("The database's time cannot be read");
    }

    @ParameterizedTest
    @ValueSource(longs = {5, -5, 3_600})
    void a_clock_of_redis_that_is_off_is_told_once_and_once_that_it_is_right_again(long seconds) {
        AtomicReference<Optional<Duration>> redis = new AtomicReference<>(Optional.empty());
        follower.compareWithRedis(redis::get);
        follower.start();
        assertThat(registry.get(ClockFollower.REDIS_GAUGE).gauge().value()).isNaN();
        assertThat(details()).doesNotContainKey("redisAheadMillis");

        redis.set(Optional.of(Duration.ofSeconds(seconds)));
        follower.measure();
        follower.measure();
        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.getFirst().getFormattedMessage())
                .startsWith("The clock of Redis is")
                .contains(seconds > 0 ? "ahead of" : "behind");
        assertThat(registry.get(ClockFollower.REDIS_GAUGE).gauge().value()).isEqualTo((double) seconds);
        assertThat(details()).containsEntry("redisAheadMillis", seconds * 1_000);
        assertThat(health()).isEqualTo(Status.DOWN);

        redis.set(Optional.of(Duration.ofMillis(20)));
        follower.measure();
        assertThat(lines.list).hasSize(2);
        assertThat(health()).isEqualTo(Status.UP);
    }

    private static Sample afterStep(long seconds, long stepMillis) {
        return new Sample(
                Instant.EPOCH.plusSeconds(seconds).plusMillis(stepMillis),
                Duration.ofSeconds(seconds).toNanos(),
                Duration.ZERO);
    }

    /** The database's clock as seen by one connection. It stands still during a measurement. */
    private Connection shifted(Connection connection) throws SQLException {
        if (!databaseShift.isZero()) {
            try (var statement = connection.createStatement()) {
                Instant time = databaseTime().plus(databaseShift);
                statement.execute("SET timestamp = " + BigDecimal.valueOf(time.toEpochMilli(), 3));
            }
        }
        return connection;
    }

    private Status health() {
        return checked().getStatus();
    }

    private Map<String, Object> details() {
        return checked().getDetails();
    }

    private Health checked() {
        return Objects.requireNonNull(new ClockHealthIndicator(follower).health(true));
    }

    private Instant databaseTime() throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT UTC_TIMESTAMP(6)")) {
            rows.next();
            return rows.getObject(1, LocalDateTime.class).toInstant(ZoneOffset.UTC);
        }
    }

    /** The database is asked before and after: on a busy machine a question takes longer than the clock may be off. */
    private void requireDatabaseTime(Clock shown, long aheadMillis) throws SQLException {
        Instant earliest = databaseTime().plusMillis(aheadMillis).minus(MEASURED_WITHIN);
        Instant now = shown.instant();
        Instant latest = databaseTime().plusMillis(aheadMillis).plus(MEASURED_WITHIN);
        assertThat(now).isBetween(earliest, latest);
    }
}
