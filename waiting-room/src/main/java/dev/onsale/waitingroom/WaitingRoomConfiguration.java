package dev.onsale.waitingroom;

import dev.onsale.platform.http.WebConfiguration;
import dev.onsale.waitingroom.admission.Admissions;
import dev.onsale.waitingroom.challenge.Challenges;
import dev.onsale.waitingroom.key.RoomClock;
import dev.onsale.waitingroom.redis.RedisClock;
import dev.onsale.waitingroom.redis.RedisClockReader;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.room.WaitingRoomProperties;
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
 * The waiting room. Needs a {@link Clock}, a Lettuce connection factory, a data source and Kafka. Offers {@link
 * Admissions} to the command side.
 */
@Configuration(proxyBeanMethods = false)
// Other modules in the same context may have components of the same simple name.
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

    /** Injected by name only; other modules use the default clock. */
    @Bean(name = RoomClock.NAME, defaultCandidate = false)
    RedisClock waitingRoomClock(RedisScripts redis, Clock clock) {
        return new RedisClock(redis, clock);
    }

    @Bean
    RedisClockReader waitingRoomClockReader(@Qualifier(RoomClock.NAME) RedisClock clock) {
        return new RedisClockReader(clock);
    }

    @Bean
    Challenges challenges(AdmissionKeys keys, JsonMapper json, @Qualifier(RoomClock.NAME) Clock clock) {
        return new Challenges(() -> keys.secret(AdmissionKeys.CHALLENGES), json, clock);
    }
}
