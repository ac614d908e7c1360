package dev.onsale.waitingroom;

import dev.onsale.platform.http.WebConfiguration;
import dev.onsale.waitingroom.challenge.Challenges;
import dev.onsale.waitingroom.redis.RedisClock;
import dev.onsale.waitingroom.redis.RedisClockReader;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.token.AdmissionKeys;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The waiting room as a whole. It needs a {@link Clock}, a Redis connection factory on Lettuce, a data source and Kafka, and
 * offers {@link Admissions} to those who sell.
 */
@Configuration(proxyBeanMethods = false)
// Full names: another side in the same context may have a component of the same simple name.
@ComponentScan(nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class)
@EnableConfigurationProperties(WaitingRoomProperties.class)
@Import(WebConfiguration.class)
public class WaitingRoomConfiguration {

    @Bean
    RedisScripts waitingRoomScripts(
            LettuceConnectionFactory connections, WaitingRoomProperties properties, MeterRegistry metrics) {
        RedisScripts scripts = new RedisScripts(connections, properties.redisTimeout());
        metrics.gauge("onsale.waiting.room.redis.in.flight", scripts, RedisScripts::inFlight);
        return scripts;
    }

    /** Given only where its name is asked for: the other sides of a host have the host's clock. */
    @Bean(name = RoomClock.NAME, defaultCandidate = false)
    RedisClock waitingRoomClock(RedisScripts redis, Clock clock) {
        return new RedisClock(redis, clock);
    }

    @Bean
    RedisClockReader waitingRoomClockReader(@Qualifier(RoomClock.NAME) RedisClock clock) {
        return new RedisClockReader(clock);
    }

    @Bean
    Heartbeats heartbeats(RedisScripts redis) {
        return new Heartbeats(redis, Heartbeats.AT_ONCE);
    }

    @Bean
    RoomsHealthIndicator waitingRoomsHealthIndicator(RoomFailures failures) {
        return new RoomsHealthIndicator(failures);
    }

    @Bean
    Challenges challenges(AdmissionKeys keys, JsonMapper json, @Qualifier(RoomClock.NAME) Clock clock) {
        return new Challenges(() -> keys.secret(AdmissionKeys.CHALLENGES), json, clock);
    }

    @Bean
    AddressDigest addresses(AdmissionKeys keys) {
        return new AddressDigest(() -> keys.secret(AdmissionKeys.ADDRESSES));
    }
}
