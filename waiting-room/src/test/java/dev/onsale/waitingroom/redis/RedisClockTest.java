package dev.onsale.waitingroom.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.waitingroom.RoomFixture;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("services")
class RedisClockTest {

    private static final Duration MEASURED_WITHIN = Duration.ofMillis(500);

    private final RoomFixture room = new RoomFixture();

    @AfterEach
    void close() {
        room.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 5, -5, 3_600, -3_600})
    void the_offset_between_redis_and_the_clock_of_the_deadlines_is_measured(long seconds) {
        // Redis runs on this machine, so its clock is the system's.
        Clock deadlines = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-seconds));
        RedisClock redis = new RedisClock(room.redis, deadlines);

        redis.read().block(RoomFixture.BOUND);

        assertThat(redis.ahead().orElseThrow()).isCloseTo(Duration.ofSeconds(seconds), MEASURED_WITHIN);
    }

    @Test
    void before_redis_has_told_its_time_the_offset_is_unknown() {
        assertThat(new RedisClock(room.redis, Clock.systemUTC()).ahead()).isEmpty();
    }
}
