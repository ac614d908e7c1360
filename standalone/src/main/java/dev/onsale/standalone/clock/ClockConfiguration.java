package dev.onsale.standalone.clock;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The one clock of the process. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ClockProperties.class)
public class ClockConfiguration {

    /** The one clock; milliseconds, because that is what the guard compares and what people read. */
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

    @Bean
    ClockHealthIndicator clockHealthIndicator(ClockFollower follower) {
        return new ClockHealthIndicator(follower);
    }
}
