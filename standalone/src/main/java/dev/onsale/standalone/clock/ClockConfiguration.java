package dev.onsale.standalone.clock;

import dev.onsale.waitingroom.key.RoomClock;
import dev.onsale.waitingroom.redis.RedisClock;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Defines the only clock of the process. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ClockProperties.class)
public class ClockConfiguration {

    /** The clock with millisecond precision, which the guard compares and the API shows. */
    @Bean
    Clock clock(ClockFollower follower) {
        follower.start();
        return follower.clock();
    }

    @Bean
    ClockFollower clockFollower(DataSource database, ClockProperties settings, MeterRegistry registry) {
        DatabaseClock clock = new DatabaseClock(Clock.tickMillis(ZoneOffset.UTC));
        return new ClockFollower(clock, new DatabaseTime(database), settings, registry);
    }

    /** The clock of Redis depends on this clock, so it is looked up after both are created. */
    @Bean
    ClockHealthIndicator clockHealthIndicator(
            ClockFollower follower, @Qualifier(RoomClock.NAME) ObjectProvider<RedisClock> redis) {
        redis.ifAvailable(clock -> follower.compareWithRedis(clock::ahead));
        return new ClockHealthIndicator(follower);
    }
}
